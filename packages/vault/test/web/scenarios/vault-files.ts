/** Scenarios of the files in the origin's private file system. */
import type { Database, DatabaseOutside, VaultFiles, VaultLock } from "../../../src/ports.ts";
import { isVaultError } from "../../../src/vault-error.ts";
import { createPrivateFolder } from "../../../src/web/private-folder.ts";
import { createVaultFiles } from "../../../src/web/vault-files.ts";
import { key, loadEngine } from "../support/sqlite.ts";

const path = ["test-vault-files"];

async function openFiles(maxWaitMs = 10_000): Promise<VaultFiles> {
  const engine = await loadEngine();
  const folder = createPrivateFolder({ path, maxWaitMs });
  return createVaultFiles({
    ...engine,
    folder,
    locks: navigator.locks,
    lockName: "test-vault",
    maxWaitMs,
  });
}

export async function clearFiles(): Promise<void> {
  const root = await navigator.storage.getDirectory();
  const names = await Array.fromAsync(root.keys());
  if (names.includes("test-vault-files"))
    await root.removeEntry(path.join("/"), { recursive: true });
}

let lock: VaultLock | null = null;
let database: Database | null = null;

/** Whether this worker got the vault within `maxWaitMs`. */
export async function acquire(maxWaitMs = 10_000): Promise<boolean> {
  lock = await (await openFiles(maxWaitMs)).acquire();
  return lock !== null;
}

export async function release(): Promise<void> {
  await lock?.release();
}

export async function writeHeader(offset: number, bytes: Uint8Array): Promise<void> {
  await (await openFiles()).writeHeader(offset, bytes);
}

export async function readHeader(): Promise<Uint8Array | null> {
  return (await openFiles()).readHeader();
}

export async function removeHeader(): Promise<void> {
  await (await openFiles()).removeHeader();
}

export async function writeSetUpMark(): Promise<void> {
  await (await openFiles()).writeSetUpMark();
}

export async function hasSetUpMark(): Promise<boolean> {
  return (await openFiles()).hasSetUpMark();
}

export async function removeSetUpMark(): Promise<void> {
  await (await openFiles()).removeSetUpMark();
}

/** Opens the database, creates its table when it isn't there, and keeps it open. */
export async function openDatabase(): Promise<void> {
  database = await (await openFiles()).openDatabase("vault", key);
  database.exec("CREATE TABLE IF NOT EXISTS t (n INTEGER)");
}

/** Writes rows one by one and reports each that was acknowledged, until the worker is ended. */
export async function writeForever(): Promise<never> {
  await openDatabase();
  const channel = new BroadcastChannel("test-acknowledged");
  for (let n = 1; ; n += 1) {
    database?.run("INSERT INTO t (n) VALUES (?)", n);
    channel.postMessage(n);
  }
}

export async function rowsWritten(): Promise<number[]> {
  await openDatabase();
  return (database?.all<{ n: number }>("SELECT n FROM t ORDER BY n") ?? []).map(({ n }) => n);
}

export async function closeDatabase(): Promise<void> {
  database?.close();
}

export async function hasDatabase(): Promise<boolean> {
  return (await openFiles()).hasDatabase("vault");
}

export async function readOutside(): Promise<DatabaseOutside | null> {
  return (await openFiles()).readOutside("vault");
}

export async function readSeals(maxByteLength: number): Promise<Uint8Array | null> {
  return (await openFiles()).readSeals("vault", maxByteLength);
}

export async function removeDatabase(): Promise<void> {
  await (await openFiles()).removeDatabase("vault");
}

/** Whether opening is refused because somebody else has the file. */
export async function isRefusedAsInUse(): Promise<boolean> {
  try {
    (await (await openFiles(100)).openDatabase("vault", key)).close();
    return false;
  } catch (error) {
    return isVaultError(error, "vault_in_use");
  }
}

/** The files' names and their raw content, as one text. */
export async function rawFiles(): Promise<Record<string, string>> {
  let folder = await navigator.storage.getDirectory();
  for (const name of path) folder = await folder.getDirectoryHandle(name);
  const files: Record<string, string> = {};
  for await (const [name, handle] of folder.entries()) {
    if (!(handle instanceof FileSystemFileHandle)) continue;
    const bytes = await (await handle.getFile()).arrayBuffer();
    files[name] = new TextDecoder("latin1").decode(bytes);
  }
  return files;
}

export async function writeText(text: string): Promise<void> {
  database?.exec("CREATE TABLE texts (body TEXT)");
  database?.run("INSERT INTO texts (body) VALUES (?)", text);
}
