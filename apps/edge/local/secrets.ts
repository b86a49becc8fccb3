/** The local secrets: `.dev.vars` beside each entry, readable by its owner alone, never committed. */
import { randomBytes } from "node:crypto";
import { chmod, readFile, writeFile } from "node:fs/promises";

/** Where Wrangler looks for them: beside the Worker's and the Pages entry's configuration. */
const files = [
  new URL("../.dev.vars", import.meta.url),
  new URL("../../pages/.dev.vars", import.meta.url),
];

const ownerOnly = 0o600;

/** Gives the operator's secret, and makes one when there is none. */
export async function ensureSecrets(): Promise<{ operatorSecret: string }> {
  const known = await Promise.all(files.map(readSecret));
  const operatorSecret =
    known.find((secret) => secret !== null) ?? randomBytes(32).toString("base64url");
  await Promise.all(
    files.map(async (file, index) => {
      if (known[index] === null) {
        await writeFile(file, `OPERATOR_SECRET=${operatorSecret}\n`, {
          flag: "a",
          mode: ownerOnly,
        });
      }
      await chmod(file, ownerOnly);
    }),
  );
  return { operatorSecret };
}

async function readSecret(file: URL): Promise<string | null> {
  try {
    const text = await readFile(file, "utf8");
    return /^OPERATOR_SECRET=(\S+)$/m.exec(text)?.[1] ?? null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
