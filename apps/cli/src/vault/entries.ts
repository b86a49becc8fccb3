/** `hi vault get`, `put` and `delete`: single entries of an unlocked vault. */
import type { Readable } from "node:stream";
import { maxSecretBytes } from "@hi-stranger/vault/records/secrets";
import { concatBytes, wipe } from "@hi-stranger/vault/secret-bytes";
import { CliError, usageError } from "../errors.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { formatBytes, withoutControls } from "../format.ts";
import { callUnlocked } from "./agent-process.ts";
import { putRecords } from "./put-records.ts";
import { type KindName, nounsByKind } from "./record-kind-names.ts";
import type { VaultContext } from "./vault-context.ts";

export interface KindOption {
  readonly kind: KindName;
}

export async function getEntry(
  context: VaultContext,
  name: string,
  { kind }: KindOption,
): Promise<void> {
  const { output, place, signal } = context;
  const { result, parts } =
    kind === "secrets"
      ? await callUnlocked(place, { method: "getSecret", params: { name }, signal })
      : await callUnlocked(place, { method: "getRecord", params: { kind, key: name }, signal });
  const [value] = parts;
  if (!result.isThere || !value) throw noSuchEntry(name, kind);
  try {
    if (kind === "secrets") await printSecret(context, name, value);
    else if (output.isJson) await output.write(Buffer.concat([value, Buffer.from("\n")]));
    else {
      const record: unknown = JSON.parse(Buffer.from(value).toString());
      const lines = JSON.stringify(record, null, 2).split("\n");
      await output.line(lines.map(withoutControls).join("\n"));
    }
  } finally {
    wipe(value);
  }
}

/** As it is; a terminal gets a line of text, and nothing that could steer it. */
async function printSecret(
  { output }: VaultContext,
  name: string,
  value: Uint8Array,
): Promise<void> {
  if (output.isJson) {
    const told = { name, byte_length: value.length };
    await output.json({ ...told, value_base64: Buffer.from(value).toString("base64") });
  } else if (!process.stdout.isTTY) await output.write(value);
  else if (value.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d)) {
    await output.write(value);
    if (value.at(-1) !== 0x0a) await output.write("\n");
  } else {
    throw usageError(
      `The value holds bytes that are no text (${formatBytes(value.length)}).`,
      `Save it: npx hi vault get ${name} > FILE`,
    );
  }
}

export async function putEntry(
  context: VaultContext,
  target: string,
  { kind }: KindOption,
): Promise<ExitCode | void> {
  if (kind !== "secrets") return putRecords(context, target, kind);
  const { output, place, signal } = context;
  await callUnlocked(place, { method: "status", params: {}, signal });
  const value = await readValue(context, target);
  try {
    const params = { name: target };
    await callUnlocked(place, { method: "putSecret", params, parts: [value], signal });
    if (output.isJson) await output.json({ name: target, byte_length: value.length });
    else output.note(`Kept ${target} (${formatBytes(value.length)}).`);
  } finally {
    wipe(value);
  }
}

/** A line that is typed, or all that stdin brings. */
async function readValue(
  { secrets, signal }: VaultContext,
  name: string,
): Promise<Uint8Array<ArrayBuffer>> {
  if (secrets.hasTerminal) return secrets.terminal("").askSecret(`Value of ${name}: `);
  const stop = (): void => void process.stdin.destroy(signal.reason as Error);
  signal.addEventListener("abort", stop, { once: true });
  let value = new Uint8Array(0);
  for await (const chunk of process.stdin as Readable as AsyncIterable<Buffer>) {
    const joined = concatBytes(value, chunk);
    wipe(value, chunk);
    value = joined;
    if (value.length <= maxSecretBytes) continue;
    wipe(value);
    throw usageError(
      `A secret has at most ${formatBytes(maxSecretBytes)}.`,
      "Keep a larger file elsewhere, encrypted, and its key here.",
    );
  }
  return value;
}

export async function deleteEntry(
  { output, place, signal }: VaultContext,
  name: string,
  { kind }: KindOption,
): Promise<void> {
  const { result } =
    kind === "secrets"
      ? await callUnlocked(place, { method: "deleteSecret", params: { name }, signal })
      : await callUnlocked(place, { method: "deleteRecord", params: { kind, key: name }, signal });
  if (!result.isThere) throw noSuchEntry(name, kind);
  if (output.isJson) await output.json({ deleted: name });
  else output.note(`Deleted ${name}.`);
}

function noSuchEntry(name: string, kind: KindName): CliError {
  return new CliError(
    "not_found",
    `The vault has no ${nounsByKind[kind][0]} ${withoutControls(name)}.`,
    {
      exitCode: exitCodes.notFound,
      hint: `\`npx hi vault list --kind ${kind}\` shows what there is.`,
    },
  );
}
