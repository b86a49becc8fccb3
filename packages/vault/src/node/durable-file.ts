/** Writing files so that what was written is there after the power goes. */
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { VaultError } from "../vault-error.ts";

/** Puts `bytes` into the file at `path`, in the place of what it held: the old or the new, never a part. */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const temporaryPath = `${path}.new`;
  // What is there is a left-over, or a link that somebody planted: neither is written through.
  await rm(temporaryPath, { force: true });
  await withFile(temporaryPath, "wx", async (file) => {
    await file.writeFile(bytes);
    await file.sync();
  });
  await rename(temporaryPath, path);
  await syncFolder(dirname(path));
}

/**
 * Writes `bytes` at `offset` of the file at `path`, which is there.
 *
 * @throws {VaultError} `disk_full`, with a part of them written.
 */
export async function patchFile(path: string, offset: number, bytes: Uint8Array): Promise<void> {
  await withFile(path, "r+", async (file) => {
    const { bytesWritten } = await file.write(bytes, 0, bytes.length, offset);
    // The system takes a part alone when there is no room for the rest.
    if (bytesWritten !== bytes.length) throw new VaultError("disk_full");
    await file.sync();
  });
}

/** Makes the entries of a folder durable. Windows has no such call and needs none. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  await withFile(path, "r", async (folder) => folder.sync());
}

async function withFile(
  path: string,
  flags: string,
  work: (file: FileHandle) => Promise<void>,
): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await work(file);
  } finally {
    await file.close();
  }
}
