/**
 * Writing files so that what was written is there after the power goes.
 *
 * Synchronous, as SQLite is beside it: the files are small, each step waits for the one before, and
 * handing each to another thread would take longer than the step.
 */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { VaultError } from "../vault-error.ts";

/** Puts `bytes` into the file at `path`, in the place of what it held: the old or the new, never a part. */
export function replaceFile(path: string, bytes: Uint8Array): void {
  const temporaryPath = `${path}.new`;
  // What is there is a left-over, or a link that somebody planted: neither is written through.
  rmSync(temporaryPath, { force: true });
  withFile(temporaryPath, "wx", (file) => {
    writeWhole(file, bytes, 0);
  });
  renameSync(temporaryPath, path);
  syncFolder(dirname(path));
}

/**
 * Writes `bytes` at `offset` of the file at `path`, which is there.
 *
 * @throws {VaultError} `disk_full`, with a part of them written.
 */
export function patchFile(path: string, offset: number, bytes: Uint8Array): void {
  withFile(path, "r+", (file) => {
    writeWhole(file, bytes, offset);
  });
}

/** Makes the entries of a folder durable. Windows has no such call and needs none. */
export function syncFolder(path: string): void {
  if (process.platform === "win32") return;
  withFile(path, "r", fsyncSync);
}

function writeWhole(file: number, bytes: Uint8Array, offset: number): void {
  // The system takes a part alone when there is no room for the rest.
  if (writeSync(file, bytes, 0, bytes.length, offset) !== bytes.length) {
    throw new VaultError("disk_full");
  }
  fsyncSync(file);
}

function withFile(path: string, flags: string, work: (file: number) => void): void {
  const file = openSync(path, flags, 0o600);
  try {
    work(file);
  } finally {
    closeSync(file);
  }
}
