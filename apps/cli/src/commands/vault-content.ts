/** The commands for what is in an unlocked vault. */
import type { Command } from "commander";
import type { Run } from "../command.ts";
import { examples } from "../command.ts";
import { readChoice, readInteger } from "../option-values.ts";
import { kindNames } from "../vault/record-kind-names.ts";
import { onVault } from "./vault-group.ts";
import { addDescriptorOption, addPassphraseOption } from "./vault-options.ts";

const kindFlags = `--kind <kind>`;
const kindHelp = `what: ${kindNames.join(", ")}`;

export function addVaultContentCommands(vault: Command, run: Run): void {
  const readKind = readChoice(kindNames);
  vault
    .command("put")
    .summary("keep a secret, or the records of a file")
    .description(
      `Keep a secret under a name: all that stdin brings, 64 KiB at the most, or a line typed without echo. With --kind, keep the records of a file, one JSON object a line (NDJSON): lines that don't fit their schema are refused and the others kept, and the exit code is 3.`,
    )
    .argument("<name>", "the secret's name; with --kind the file, or - for stdin")
    .option(kindFlags, kindHelp, readKind, "secrets")
    .addHelpText(
      "after",
      examples(
        ["npx hi vault put mail-token < token.txt", "keep a secret"],
        ["npx hi vault put --kind profiles personas.ndjson", "keep personas"],
      ),
    )
    .action(onVault(vault, run, async () => (await import("../vault/entries.ts")).putEntry));
  vault
    .command("get")
    .summary("print a secret or a record")
    .description(
      "Print a secret, byte for byte as it was put. With --kind, print a record: indented, or on one line with --json.",
    )
    .argument("<name>", "the secret's name, or the record's id")
    .option(kindFlags, kindHelp, readKind, "secrets")
    .addHelpText(
      "after",
      examples(
        ["npx hi vault get mail-token", "print a secret"],
        ["npx hi vault get --kind profiles usr_01fr9e4000tvjzp6hqeye1qcsa", "print a persona"],
      ),
    )
    .action(onVault(vault, run, async () => (await import("../vault/entries.ts")).getEntry));
  vault
    .command("list")
    .summary("list what is in the vault")
    .description(
      "List the names of secrets, or records: as a table, or with --json each on a line of its own. No secret's value is shown.",
    )
    .option(kindFlags, kindHelp, readKind, "secrets")
    .option("--chat <id>", "only of this chat, the newest first: for messages and policies")
    .option("--limit <n>", "how many at most", readInteger(1, Number.MAX_SAFE_INTEGER), 20)
    .option("--all", "all of them")
    .addHelpText(
      "after",
      examples(
        ["npx hi vault list", "the names of the secrets"],
        ["npx hi vault list --kind profiles --all --json > personas.ndjson", "all personas"],
      ),
    )
    .action(
      onVault(vault, run, async () => (await import("../vault/list-entries.ts")).listEntries),
    );
  vault
    .command("delete")
    .summary("delete a secret or a record")
    .description("Delete a secret or a record, at once and for good.")
    .argument("<name>", "the secret's name, or the record's id")
    .option(kindFlags, kindHelp, readKind, "secrets")
    .addHelpText("after", examples(["npx hi vault delete mail-token", "delete a secret"]))
    .action(onVault(vault, run, async () => (await import("../vault/entries.ts")).deleteEntry));
  addBundleCommands(vault, run);
}

function addBundleCommands(vault: Command, run: Run): void {
  vault
    .command("export")
    .summary("save everything to an encrypted file")
    .description(
      "Save all that the vault keeps to one encrypted file, a bundle. It opens with the passphrase or the recovery code that the vault has now. The file appears when it is whole.",
    )
    .argument("<file>", "the file; one that is there is replaced")
    .addHelpText("after", examples(["npx hi vault export vault.bundle", "a copy to keep safe"]))
    .action(
      onVault(vault, run, async () => (await import("../vault/bundle-files.ts")).exportBundle),
    );
  const importing = vault
    .command("import")
    .summary("add everything from an encrypted file")
    .description(
      "Add all of a bundle to the unlocked vault, or, when anything is wrong with it, nothing. Records of the same id and secrets of the same name are replaced.",
    )
    .argument("<file>", "the bundle")
    .option("--code", "open it with the recovery code of its vault");
  addPassphraseOption(importing, "the bundle's passphrase");
  addDescriptorOption(importing, "--code-fd <n>", "the recovery code");
  importing
    .addHelpText(
      "after",
      examples(
        ["npx hi vault import vault.bundle", "with the passphrase that the vault had"],
        ["npx hi vault import vault.bundle --code", "with its recovery code"],
      ),
    )
    .action(
      onVault(vault, run, async () => (await import("../vault/bundle-files.ts")).importBundle),
    );
}
