/**
 * A VFS of SQLite (https://sqlite.org/vfs.html) over files that are already open: in a browser,
 * sync access handles of the origin's private file system.
 *
 * Each database has two files of fixed names, itself and its journal, and an empty file counts as
 * absent. The files hold SQLite's bytes and nothing else, so no damage can
 * part a database from its name. Whoever attaches files holds them alone: locks of SQLite are
 * granted without asking. Temporary files are refused; SQLite keeps what it needs in memory.
 *
 * The ciphers' own VFS stands on top of this one and is the one to open databases by.
 */
import type { Clock } from "@hi-stranger/core/clock";
import type { FillRandom } from "@hi-stranger/core/codec/ids";
import type { Pointer, SqliteModule, VfsMethods } from "./module.ts";
import { resultCodes } from "./result-codes.ts";

/** A file that is open for its holder alone. `FileSystemSyncAccessHandle` is one. */
export interface OpenFile {
  /** Reads from byte `at` on; answers how many bytes there were. */
  read(into: Uint8Array<ArrayBuffer>, options: { readonly at: number }): number;
  /** Writes from byte `at` on; answers how many bytes went in. */
  write(bytes: Uint8Array<ArrayBuffer>, options: { readonly at: number }): number;
  truncate(byteLength: number): void;
  /** What was written is durable once this returns. */
  flush(): void;
  getSize(): number;
  close(): void;
}

export interface FileVfs {
  /** Open databases by this name: what goes to the files is encrypted. */
  readonly encryptingName: string;
  /** Databases opened by this name are in the clear: for comparisons alone. */
  readonly plainName: string;
  /** Files by the paths that SQLite asks for. */
  readonly filesByPath: Map<string, OpenFile>;
}

export interface FileVfsOptions {
  readonly sqlite: SqliteModule;
  readonly clock: Clock;
  readonly fillRandom: FillRandom;
}

const vfsName = "hi-stranger";
const maxPathBytes = 512;
const sectorBytes = 4096;
/** `SQLITE_IOCAP_POWERSAFE_OVERWRITE`: a write leaves the bytes beside it alone, as on any disk below a browser. */
const deviceCharacteristics = 0x1000;
const julianDayOfEpoch = 2_440_587.5;
const dayMs = 86_400_000;

/** Registers the VFS with `sqlite`, once for each loaded module. */
export function installFileVfs(options: FileVfsOptions): FileVfs {
  const { wasm, capi, vfs } = options.sqlite;
  const filesByPath = new Map<string, OpenFile>();
  const filesByPointer = new Map<Pointer, OpenFile>();

  const ioStruct = new capi.sqlite3_io_methods();
  ioStruct.$iVersion = 1;
  vfs.installVfs({
    io: { struct: ioStruct, methods: createFileMethods(options.sqlite, filesByPointer) },
  });

  const vfsStruct = new capi.sqlite3_vfs();
  vfsStruct.$iVersion = 2;
  vfsStruct.$szOsFile = capi.sqlite3_file.structInfo.sizeof;
  vfsStruct.$mxPathname = maxPathBytes;
  // SQLite keeps the name for as long as the VFS is registered, which is for good.
  vfsStruct.$zName = wasm.allocCString(vfsName);
  const open = (pathPointer: Pointer, filePointer: Pointer): number => {
    const file = pathPointer === 0 ? undefined : filesByPath.get(wasm.cstrToJs(pathPointer));
    if (!file) return resultCodes.cantOpen;
    filesByPointer.set(filePointer, file);
    const struct = new capi.sqlite3_file(filePointer);
    struct.$pMethods = ioStruct.pointer;
    struct.dispose();
    return resultCodes.ok;
  };
  vfs.installVfs({
    vfs: { struct: vfsStruct, methods: createVfsMethods(options, filesByPath, open) },
  });
  const code = wasm.exports.sqlite3mc_vfs_create(vfsStruct.$zName, 0);
  if (code !== resultCodes.ok) throw new Error(`the ciphers' VFS was refused with code ${code}`);
  return { encryptingName: `multipleciphers-${vfsName}`, plainName: vfsName, filesByPath };
}

/** `sqlite3_io_methods`: what is done with one open file. */
function createFileMethods(
  { wasm }: SqliteModule,
  filesByPointer: Map<Pointer, OpenFile>,
): VfsMethods {
  const withFile = (pointer: Pointer, work: (file: OpenFile) => number): number => {
    const file = filesByPointer.get(pointer);
    if (!file) return resultCodes.ioError;
    try {
      return work(file);
    } catch (error) {
      return toResultCode(error);
    }
  };
  return {
    xClose(pointer: Pointer) {
      filesByPointer.delete(pointer);
      return resultCodes.ok;
    },
    xRead: (pointer: Pointer, into: Pointer, byteLength: number, at: bigint) =>
      withFile(pointer, (file) => {
        const target = wasm.heap8u().subarray(into, into + byteLength);
        const count = file.read(target, { at: Number(at) });
        if (count === byteLength) return resultCodes.ok;
        target.fill(0, count);
        return resultCodes.shortRead;
      }),
    xWrite: (pointer: Pointer, from: Pointer, byteLength: number, at: bigint) =>
      withFile(pointer, (file) => {
        const bytes = wasm.heap8u().subarray(from, from + byteLength);
        const isWhole = file.write(bytes, { at: Number(at) }) === byteLength;
        return isWhole ? resultCodes.ok : resultCodes.full;
      }),
    xTruncate: (pointer: Pointer, byteLength: bigint) =>
      withFile(pointer, (file) => {
        file.truncate(Number(byteLength));
        return resultCodes.ok;
      }),
    xSync: (pointer: Pointer) =>
      withFile(pointer, (file) => {
        file.flush();
        return resultCodes.ok;
      }),
    xFileSize: (pointer: Pointer, out: Pointer) =>
      withFile(pointer, (file) => {
        wasm.poke(out, BigInt(file.getSize()), "i64");
        return resultCodes.ok;
      }),
    xLock: () => resultCodes.ok,
    xUnlock: () => resultCodes.ok,
    xCheckReservedLock(_pointer: Pointer, out: Pointer) {
      wasm.poke(out, 0, "i32");
      return resultCodes.ok;
    },
    xFileControl: () => resultCodes.notFound,
    xSectorSize: () => sectorBytes,
    xDeviceCharacteristics: () => deviceCharacteristics,
  };
}

/** `sqlite3_vfs`: finding files, randomness and time. */
function createVfsMethods(
  { sqlite: { wasm }, clock, fillRandom }: FileVfsOptions,
  filesByPath: ReadonlyMap<string, OpenFile>,
  open: (path: Pointer, file: Pointer) => number,
): VfsMethods {
  return {
    xOpen(_vfs: Pointer, path: Pointer, file: Pointer, flags: number, outFlags: Pointer) {
      if (outFlags !== 0) wasm.poke(outFlags, flags, "i32");
      return open(path, file);
    },
    xDelete(_vfs: Pointer, path: Pointer) {
      try {
        const file = filesByPath.get(wasm.cstrToJs(path));
        file?.truncate(0);
        file?.flush();
        return resultCodes.ok;
      } catch (error) {
        return toResultCode(error);
      }
    },
    xAccess(_vfs: Pointer, path: Pointer, _flags: number, out: Pointer) {
      try {
        const size = filesByPath.get(wasm.cstrToJs(path))?.getSize() ?? 0;
        wasm.poke(out, size > 0 ? 1 : 0, "i32");
        return resultCodes.ok;
      } catch (error) {
        return toResultCode(error);
      }
    },
    xFullPathname(_vfs: Pointer, path: Pointer, outBytes: number, out: Pointer) {
      const heap = wasm.heap8u();
      const end = heap.indexOf(0, path) + 1;
      if (end === 0 || end - path > outBytes) return resultCodes.cantOpen;
      heap.copyWithin(out, path, end);
      return resultCodes.ok;
    },
    xRandomness(_vfs: Pointer, byteLength: number, out: Pointer) {
      fillRandom(wasm.heap8u().subarray(out, out + byteLength));
      return byteLength;
    },
    xSleep: () => 0,
    xCurrentTime(_vfs: Pointer, out: Pointer) {
      wasm.poke(out, julianDayOfEpoch + clock.now() / dayMs, "double");
      return resultCodes.ok;
    },
    xCurrentTimeInt64(_vfs: Pointer, out: Pointer) {
      wasm.poke(out, BigInt(julianDayOfEpoch * dayMs + Math.trunc(clock.now())), "i64");
      return resultCodes.ok;
    },
    xGetLastError: () => resultCodes.ok,
  };
}

/** An exception can't pass through C: SQLite is told what it means. */
function toResultCode(error: unknown): number {
  const isQuota = error instanceof DOMException && error.name === "QuotaExceededError";
  return isQuota ? resultCodes.full : resultCodes.ioError;
}
