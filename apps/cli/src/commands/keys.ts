/** `hi keys`: the roots of every key, and their rotation under traffic. */
import {
  type RotationPurpose,
  rotationPurposes,
} from "@hi-stranger/core/contract/rotation-purposes";
import { maxKeyVersion } from "@hi-stranger/core/crypto/keyring";
import type { Command } from "commander";
import { type AddCommand, type Run, examples } from "../command.ts";
import type { PlaceOptions, RootPurpose, WriteOptions } from "../keys/change-keyring.ts";
import { readChoice, readInteger } from "../option-values.ts";

const rootPurposes = ["kek", "index"] as const;

export const addKeysCommand: AddCommand = (program, run) => {
  const keys = program
    .command("keys")
    .summary("make, rotate and retire the keys of personal data")
    .description(
      "Make, rotate and retire the keys that personal data is encrypted with, while the store is in use. Rotating takes three steps: generate a version, rotate to it, retire the old one. It takes the operator's secret, from HI_OPERATOR_SECRET or, for a store on this machine, from apps/edge/.dev.vars.",
    );
  addGenerate(keys, run);
  keys
    .command("rotate")
    .summary("move everything to the newest version")
    .description(
      "Move everything to the newest version of a key, while the store is in use. Interrupted, it goes on by itself, minute by minute; run it again to look on or to speed it up.",
    )
    .argument(
      "<key>",
      "kek, index, or dek: every person's own data key",
      readChoice(rotationPurposes),
    )
    .addHelpText(
      "after",
      examples(
        ["npx hi keys generate kek && npx hi keys rotate kek", "rotate a local store's KEK"],
        ["npx hi keys rotate dek --json", "give every person a new data key"],
      ),
    )
    .action(
      run(async (context, purpose: RotationPurpose) =>
        (await import("../keys/rotate.ts")).rotateKeys(context, purpose),
      ),
    );
  keys
    .command("status")
    .summary("which versions there are, what uses them, and what to do next")
    .description("Show the versions of every key, how much still uses each, and the next step.")
    .addHelpText("after", examples(["npx hi keys status", "as a table"]))
    .action(run(async (context) => (await import("../keys/status.ts")).showStatus(context)));
  addRetire(keys, run);
  const show = keys
    .command("show")
    .summary("show the fingerprints of a keyring")
    .description("Show which versions a keyring has, by their fingerprints. Keys are never shown.")
    .option("--public", "show what may be public");
  addPlace(show)
    .addHelpText("after", examples(["npx hi keys show --public", "of the local store"]))
    .action(
      run(async (context, options: PlaceOptions) =>
        (await import("../keys/change-keyring.ts")).showKeys(context, options),
      ),
    );
};

function addGenerate(keys: Command, run: Run): void {
  const generate = keys
    .command("generate")
    .summary("make a keyring, or a new version of a key")
    .description(
      "Add a version of a key to the keyring: of a local store's by itself, of a deployment's by --in and --out, or through a pipe. Nothing uses it before it is rotated to. Without a key, make a whole keyring.",
    )
    .argument("[key]", "kek or index", readChoice(rootPurposes));
  addWrite(generate)
    .addHelpText(
      "after",
      examples(
        ["npx hi keys generate kek", "a new KEK for the local store"],
        ["npx hi keys generate --out keyring.json", "a keyring for a deployment"],
        [
          "npx hi keys generate kek --in keyring.json --out keyring-2.json",
          "a new KEK for a deployment; then: npx wrangler secret put KEYRING < keyring-2.json",
        ],
      ),
    )
    .action(
      run(async (context, purpose: RootPurpose | undefined, options: WriteOptions) =>
        (await import("../keys/change-keyring.ts")).generateKeys(context, purpose, options),
      ),
    );
}

function addRetire(keys: Command, run: Run): void {
  const retire = keys
    .command("retire")
    .summary("take a version out of the keyring that nothing uses")
    .description(
      "Take a version out of the keyring. Refused while the store has a row that needs it, or no finished rotation has shown that none does.",
    )
    .argument("<key>", "kek or index", readChoice(rootPurposes))
    .argument("<version>", "its version", readInteger(1, maxKeyVersion));
  addWrite(retire)
    .addHelpText(
      "after",
      examples(
        ["npx hi keys retire kek 1", "of the local store"],
        ["npx hi keys retire kek 1 --in keyring-2.json --out keyring-3.json", "of a deployment"],
      ),
    )
    .action(
      run(async (context, purpose: RootPurpose, version: number, options: WriteOptions) =>
        (await import("../keys/change-keyring.ts")).retireKey(context, purpose, version, options),
      ),
    );
}

function addPlace(command: Command): Command {
  return command
    .option("--in <file>", "read a deployment's keyring, such as your copy of it")
    .option("--file <file>", "the local store's file (default: apps/edge/.dev.vars)");
}

function addWrite(command: Command): Command {
  return addPlace(command)
    .option("--out <file>", "write the keyring to a new file, for your eyes alone")
    .option("--show", "write it to stdout even if that is a terminal");
}
