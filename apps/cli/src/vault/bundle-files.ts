/** `hi vault export` and `import`: all that a vault keeps, in one encrypted file. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { wipe } from "@hi-stranger/vault/secret-bytes";
import { usageError } from "../errors.ts";
import { createAtomicFile } from "../files/atomic-file.ts";
import { formatBytes, formatCountOf } from "../format.ts";
import { createProgressBar } from "../progress-bar.ts";
import { callUnlocked } from "./agent-process.ts";
import { nounsByKind } from "./record-kind-names.ts";
import type { VaultContext } from "./vault-context.ts";

/** Writes the bundle to `path`, which appears when it is whole. */
export async function exportBundle(context: VaultContext, path: string): Promise<void> {
  const { output, place, signal } = context;
  await callUnlocked(place, { method: "status", params: {}, signal });
  const file = await createAtomicFile(path, 0o600);
  const bar = createProgressBar(!output.isQuiet);
  try {
    const receive = async (bytes: Uint8Array): Promise<void> => {
      await file.write(bytes);
      bar.update({ fraction: null, done: formatBytes(file.bytesWritten), count: 0 });
    };
    await callUnlocked(place, { method: "exportBundle", params: {}, receive, signal });
    await file.commit();
  } finally {
    bar.clear();
    await file.discard();
  }
  const bytes = file.bytesWritten;
  if (output.isJson) await output.json({ file: path, bytes });
  else {
    output.note(
      `Everything is in ${path} (${formatBytes(bytes)}), encrypted. It opens with the passphrase\n` +
        `or the recovery code that the vault has now:\n  npx hi vault import ${path}`,
    );
  }
}

export interface ImportOptions {
  readonly passphraseFd?: number;
  readonly code?: boolean;
  readonly codeFd?: number;
}

/** Adds all of the bundle at `path`, or nothing of it. */
export async function importBundle(
  context: VaultContext,
  path: string,
  options: ImportOptions,
): Promise<void> {
  const { output, place, signal } = context;
  await callUnlocked(place, { method: "status", params: {}, signal });
  const { size } = await statFile(path);
  const byCode = options.code === true || options.codeFd !== undefined;
  const secret = await readBundleSecret(context, options, byCode);
  const bar = createProgressBar(!output.isQuiet);
  const outgoing = readChunks(path, (bytesRead) => {
    const fraction = size === 0 ? null : Math.min(1, bytesRead / size);
    bar.update({ fraction, done: formatBytes(bytesRead), count: 0 });
  });
  try {
    const { result } = await callUnlocked(place, {
      method: "importBundle",
      params: { secret: byCode ? "code" : "passphrase" },
      parts: [secret],
      outgoing,
      signal,
    });
    bar.clear();
    const { secrets, ...records } = result.counts;
    if (output.isJson) {
      await output.json({ file: path, secrets, ...records });
      return;
    }
    const kinds = ["profiles", "chats", "messages", "policies"] as const;
    const counted = kinds.map((kind) => {
      const { inserted, updated, unchanged } = records[kind];
      return formatCountOf(inserted + updated + unchanged, ...nounsByKind[kind]);
    });
    output.note(`Imported ${[formatCountOf(secrets, "secret"), ...counted].join(", ")}.`);
  } finally {
    bar.clear();
    wipe(secret);
  }
}

async function readBundleSecret(
  { secrets }: VaultContext,
  { passphraseFd, codeFd }: ImportOptions,
  byCode: boolean,
): Promise<Uint8Array<ArrayBuffer>> {
  const [what, fd, option] = byCode
    ? (["recovery code", codeFd, "--code-fd"] as const)
    : (["passphrase", passphraseFd, "--passphrase-fd"] as const);
  if (fd !== undefined) return secrets.line(fd, what);
  const terminal = secrets.terminal(`Hand the bundle's ${what} over by ${option}.`);
  terminal.show(`The bundle opens with the ${what} of the vault that it was exported from.\n`);
  return terminal.askSecret(`The bundle's ${what}: `);
}

async function statFile(path: string): Promise<{ size: number }> {
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") throw usageError(`There is no file ${path}.`);
    throw error;
  });
  if (info.isDirectory()) throw usageError(`${path} is a folder; name a file in it.`);
  return info;
}

async function* readChunks(
  path: string,
  tell: (bytesRead: number) => void,
): AsyncGenerator<Uint8Array, void> {
  const stream = createReadStream(path);
  for await (const chunk of stream) {
    yield chunk as Uint8Array;
    tell(stream.bytesRead);
  }
}
