/**
 * What a process killed at any of its durable writes would leave behind: before each of them, and
 * before each commit of a transaction, the files as they are at that moment are copied. The kernel
 * keeps what a killed process has written, so the copies are what `kill -9` leaves. A header's write
 * is also left half done.
 */
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Database, VaultPlatform } from "../../src/ports.ts";
import { type TempVault, platformOf } from "./temp-vault.ts";

export interface CrashRecorder {
  /** The platform to work with; its durable writes are recorded from {@link start} on. */
  readonly platform: VaultPlatform;
  start(): void;
  /** The copies made since, in their order, and what came next in each. */
  stop(): readonly Crash[];
}

export interface Crash {
  readonly before: string;
  readonly place: TempVault;
}

export function recordCrashes({ folder, keyFolder, platform }: TempVault): CrashRecorder {
  const root = mkdtempSync(join(tmpdir(), "hi-crash-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const crashes: Crash[] = [];
  let isRecording = false;

  const crash = (before: string): TempVault | null => {
    if (!isRecording) return null;
    const at = join(root, String(crashes.length));
    const copy = { folder: join(at, "vault"), keyFolder: join(at, "keys") };
    if (existsSync(folder)) cpSync(folder, copy.folder, { recursive: true });
    if (existsSync(keyFolder)) cpSync(keyFolder, copy.keyFolder, { recursive: true });
    const place = { ...copy, ...platformOf(copy.folder, copy.keyFolder) };
    crashes.push({ before, place });
    return place;
  };

  const { files, deviceKeys } = platform;
  const watched: VaultPlatform = {
    ...platform,
    deviceKeys: {
      ...deviceKeys,
      create: async (vaultId) => {
        crash("creating the device key");
        return deviceKeys.create(vaultId);
      },
      writeRecord: async (vaultId, record) => {
        crash("writing the device's record");
        return deviceKeys.writeRecord(vaultId, record);
      },
    },
    files: {
      ...files,
      writeHeader: async (offset, bytes) => {
        crash("writing the header");
        const torn = existsSync(join(folder, "header"))
          ? crash("the header is half written")
          : null;
        await torn?.platform.files.writeHeader(offset, bytes.subarray(0, bytes.length / 2));
        return files.writeHeader(offset, bytes);
      },
      removeDatabase: async (name) => {
        crash(`removing ${name}.db`);
        return files.removeDatabase(name);
      },
      openDatabase: async (name, key) => {
        crash(`opening ${name}.db`);
        return watchDatabase(await files.openDatabase(name, key), name, crash);
      },
    },
  };

  return {
    platform: watched,
    start: () => {
      isRecording = true;
    },
    stop: () => {
      isRecording = false;
      return crashes;
    },
  };
}

function watchDatabase(
  database: Database,
  name: string,
  crash: (before: string) => unknown,
): Database {
  let depth = 0;
  return {
    ...database,
    run(sql, ...parameters) {
      if (depth === 0) crash(`running a statement in ${name}.db`);
      return database.run(sql, ...parameters);
    },
    transaction(work) {
      if (depth === 0) crash(`a transaction in ${name}.db`);
      return database.transaction(() => {
        depth += 1;
        try {
          const result = work();
          if (depth === 1) crash(`committing in ${name}.db`);
          return result;
        } finally {
          depth -= 1;
        }
      });
    },
  };
}
