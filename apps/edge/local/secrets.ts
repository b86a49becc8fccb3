/** The local secrets: `.dev.vars` beside each entry, readable by its owner alone, never committed. */
import { randomBytes } from "node:crypto";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { platformRandom } from "@hi-stranger/core/codec/ids";
import { createKeyring, readKeyring, writeKeyring } from "@hi-stranger/core/crypto/keyring";
import { Redacted, reveal } from "@hi-stranger/core/crypto/redacted";

export interface SecretFiles {
  readonly worker: URL;
  readonly pages: URL;
}

/** Where Wrangler looks for them: beside the Worker's and the Pages entry's configuration. */
const wranglerFiles: SecretFiles = {
  worker: new URL("../.dev.vars", import.meta.url),
  pages: new URL("../../pages/.dev.vars", import.meta.url),
};

const ownerOnly = 0o600;

export interface LocalSecrets {
  readonly operatorSecret: string;
  /** The document that the Worker reads as `KEYRING`. */
  readonly keyring: Redacted<string>;
}

/** The keyring as it stands in a file now; null when there is none. */
export async function readKeyringText(file = wranglerFiles.worker): Promise<string | null> {
  return readSecret(file, "KEYRING");
}

/** Gives the local secrets, and makes those that there aren't. @throws {KeyringError} for a damaged keyring. */
export async function ensureSecrets(files = wranglerFiles): Promise<LocalSecrets> {
  const { worker, pages } = files;
  const operatorSecret = await ensureSecret(
    worker,
    "OPERATOR_SECRET",
    (await readSecret(pages, "OPERATOR_SECRET")) ?? randomBytes(32).toString("base64url"),
  );
  await ensureSecret(pages, "OPERATOR_SECRET", operatorSecret);
  const fresh = reveal(writeKeyring(createKeyring(platformRandom)));
  const keyring = new Redacted(await ensureSecret(worker, "KEYRING", fresh));
  // What is encrypted with a keyring can't be read by another: a damaged one is for its owner to mend.
  readKeyring(keyring);
  return { operatorSecret, keyring };
}

/** The secret `name` in `file`; where there is none, `fresh`, which is then kept there. */
async function ensureSecret(file: URL, name: string, fresh: string): Promise<string> {
  if ((await readSecret(file, name)) === null) {
    await writeFile(file, `${name}=${fresh}\n`, { flag: "a", mode: ownerOnly });
  }
  await chmod(file, ownerOnly);
  // Read back, because of two servers that start at once the first line counts for both.
  return (await readSecret(file, name)) ?? fresh;
}

async function readSecret(file: URL, name: string): Promise<string | null> {
  try {
    const text = await readFile(file, "utf8");
    return new RegExp(`^${name}=(\\S+)\\s*$`, "m").exec(text)?.[1] ?? null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
