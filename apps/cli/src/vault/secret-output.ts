/** Printing secrets that were just made, once, without putting them into a string. */
import { wipe } from "@hi-stranger/vault/secret-bytes";
import type { Output } from "../output.ts";

/** ASCII secrets by the names that `--json` gives them; null for one there isn't. */
export type MadeSecrets = Readonly<Record<string, Uint8Array | null>>;

/** Writes `value` with `secrets` as further members, as one line of JSON, to stdout. */
export async function writeJsonWith(
  output: Output,
  value: Readonly<Record<string, unknown>>,
  secrets: MadeSecrets,
): Promise<void> {
  const pieces: Uint8Array[] = [Buffer.from(JSON.stringify(value).slice(0, -1))];
  for (const [name, secret] of Object.entries(secrets)) {
    // What is made has letters, digits and hyphens alone, which JSON takes as they are.
    if (secret) pieces.push(Buffer.from(`,${JSON.stringify(name)}:"`), secret, Buffer.from('"'));
  }
  await writeOnce(output, [...pieces, Buffer.from("}\n")]);
}

/** Writes a label and the secret on a line of stdout. */
export async function writeSecretLine(
  output: Output,
  label: string,
  secret: Uint8Array,
): Promise<void> {
  await writeOnce(output, [Buffer.from(`${label}: `), secret, Buffer.from("\n")]);
}

async function writeOnce(output: Output, pieces: readonly Uint8Array[]): Promise<void> {
  const bytes = Buffer.concat(pieces);
  try {
    await output.write(bytes);
  } finally {
    wipe(bytes);
  }
}
