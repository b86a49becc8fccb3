/**
 * Keyrings in files: the `KEYRING` line of a local server's `.dev.vars`, and the JSON document that a
 * deployment's secret is. What is written is readable by its owner alone, whole or not at all, and
 * nothing of it ever reaches a terminal, a log or an error by itself.
 */
import { open, readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import {
  type Keyring,
  KeyringError,
  readKeyring,
  writeKeyring,
} from "@hi-stranger/core/crypto/keyring";
import { Redacted, reveal } from "@hi-stranger/core/crypto/redacted";
import { CliError, systemCode, usageError } from "../errors.ts";
import { exitCodes } from "../exit-codes.ts";
import { createAtomicFile } from "../files/atomic-file.ts";
import type { Output } from "../output.ts";

/** Where the local server keeps its secrets. */
export const localSecrets = fileURLToPath(new URL("../../../edge/.dev.vars", import.meta.url));

const ownerOnly = 0o600;
const linePattern = /^KEYRING=(\S+)[^\S\n]*$/m;

export interface KeyringPlace {
  /** `local`: a line of a file of variables. `document`: a file that is the keyring. */
  readonly kind: "local" | "document";
  readonly path: string;
}

/** The keyring at a place. @throws {CliError} when there is none or it is damaged. */
export async function loadKeyring({ kind, path }: KeyringPlace): Promise<Keyring> {
  const text = await readText(path);
  const secret = kind === "document" ? text?.trim() : linePattern.exec(text ?? "")?.[1];
  if (secret === undefined) {
    throw new CliError("keyring_missing", `There is no keyring in ${path}.`, {
      exitCode: exitCodes.notFound,
      hint: "`npm start` makes one for a local store. For a deployment's, name the copy you keep by --in FILE.",
    });
  }
  try {
    return readKeyring(new Redacted(secret));
  } catch (error) {
    if (!(error instanceof KeyringError)) throw error;
    throw new CliError("keyring_damaged", `The keyring in ${path} is damaged: ${error.message}`, {
      exitCode: exitCodes.damaged,
    });
  }
}

/** Whether there is a keyring in a local file. */
export async function hasLocalKeyring(path: string): Promise<boolean> {
  return linePattern.test((await readText(path)) ?? "");
}

/** Puts the keyring into a local file, in the place of the one that is there. */
export async function storeLocalKeyring(path: string, keyring: Keyring): Promise<void> {
  const text = (await readText(path)) ?? "";
  const line = `KEYRING=${reveal(writeKeyring(keyring))}`;
  const changed = linePattern.test(text)
    ? text.replace(linePattern, () => line)
    : `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${line}\n`;
  const file = await createAtomicFile(path, ownerOnly);
  try {
    await file.write(new TextEncoder().encode(changed));
    await file.commit();
  } finally {
    await file.discard();
  }
}

/** Writes the keyring's document to a file that isn't there yet. @throws {CliError} when it is. */
export async function createKeyringFile(path: string, keyring: Keyring): Promise<void> {
  const handle = await openNew(path);
  let isWritten = false;
  try {
    await handle.writeFile(`${reveal(writeKeyring(keyring))}\n`);
    await handle.sync();
    isWritten = true;
  } finally {
    await handle.close();
    if (!isWritten) await rm(path, { force: true });
  }
}

/** Writes the keyring's document to stdout. @throws {CliError} when that is a terminal, unless it is to be shown. */
export async function printKeyring(
  output: Output,
  keyring: Keyring,
  isShown: boolean,
): Promise<void> {
  if (process.stdout.isTTY && !isShown) {
    throw usageError(
      "The keyring would be shown on this terminal, where anyone can see it and its history keeps it.",
      "Pipe it into `npx wrangler secret put KEYRING`, write it by --out FILE, or say --show.",
    );
  }
  await output.line(reveal(writeKeyring(keyring)));
}

async function openNew(path: string) {
  try {
    return await open(path, "wx", ownerOnly);
  } catch (error) {
    if (systemCode(error) !== "EEXIST") throw error;
    throw new CliError("file_exists", `${path} is there already, and may be a keyring.`, {
      hint: "Name another file.",
    });
  }
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw error;
  }
}
