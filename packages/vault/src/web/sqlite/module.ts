/**
 * SQLite3 Multiple Ciphers in WebAssembly, as much of it as the adapter calls: the functions of the
 * C interface (https://sqlite.org/c3ref/funclist.html) as the module exports them, and the helpers
 * by which a VFS is written in JavaScript.
 *
 * Pointers are addresses in the module's memory, 0 for NULL. Memory moves when it grows, so nobody
 * keeps a view of it across a call.
 */
import initSqlite from "@evolu/sqlite-wasm";

export type Pointer = number;

/** The C functions, without any conversion of arguments. */
export interface SqliteFunctions {
  sqlite3_open_v2(path: Pointer, outDb: Pointer, flags: number, vfsName: Pointer): number;
  sqlite3_close_v2(db: Pointer): number;
  sqlite3_key(db: Pointer, key: Pointer, byteLength: number): number;
  sqlite3mc_vfs_create(baseVfsName: Pointer, isDefault: number): number;
  sqlite3_errmsg(db: Pointer): Pointer;
  sqlite3_extended_errcode(db: Pointer): number;
  sqlite3_get_autocommit(db: Pointer): number;
  sqlite3_changes(db: Pointer): number;
  sqlite3_total_changes(db: Pointer): number;
  sqlite3_prepare_v2(
    db: Pointer,
    sql: Pointer,
    byteLength: number,
    outStatement: Pointer,
    outTail: Pointer,
  ): number;
  sqlite3_finalize(statement: Pointer): number;
  sqlite3_reset(statement: Pointer): number;
  sqlite3_clear_bindings(statement: Pointer): number;
  sqlite3_step(statement: Pointer): number;
  sqlite3_bind_parameter_count(statement: Pointer): number;
  sqlite3_bind_null(statement: Pointer, index: number): number;
  sqlite3_bind_double(statement: Pointer, index: number, value: number): number;
  sqlite3_bind_int64(statement: Pointer, index: number, value: bigint): number;
  sqlite3_bind_text(
    statement: Pointer,
    index: number,
    text: Pointer,
    byteLength: number,
    destructor: Pointer,
  ): number;
  sqlite3_bind_blob(
    statement: Pointer,
    index: number,
    bytes: Pointer,
    byteLength: number,
    destructor: Pointer,
  ): number;
  sqlite3_column_count(statement: Pointer): number;
  sqlite3_column_name(statement: Pointer, index: number): Pointer;
  sqlite3_column_type(statement: Pointer, index: number): number;
  sqlite3_column_double(statement: Pointer, index: number): number;
  sqlite3_column_int64(statement: Pointer, index: number): bigint;
  sqlite3_column_text(statement: Pointer, index: number): Pointer;
  sqlite3_column_blob(statement: Pointer, index: number): Pointer;
  sqlite3_column_bytes(statement: Pointer, index: number): number;
}

/** A C structure that JavaScript fills in, with its address. */
export interface Struct {
  readonly pointer: Pointer;
  dispose(): void;
}
export interface VfsStruct extends Struct {
  $iVersion: number;
  $szOsFile: number;
  $mxPathname: number;
  $zName: Pointer;
}
export interface IoMethodsStruct extends Struct {
  $iVersion: number;
}
export interface FileStruct extends Struct {
  $pMethods: Pointer;
}

export interface SqliteModule {
  readonly wasm: {
    readonly exports: SqliteFunctions;
    /** The memory as bytes, good until something allocates. */
    heap8u(): Uint8Array<ArrayBuffer>;
    /** @throws when there is no memory left */
    alloc(byteLength: number): Pointer;
    dealloc(pointer: Pointer): void;
    allocCString(text: string): Pointer;
    cstrToJs(text: Pointer): string;
    peekPtr(at: Pointer): Pointer;
    poke(at: Pointer, value: number | bigint, type: "i32" | "i64" | "double"): void;
  };
  readonly capi: {
    /** A destructor that frees what `wasm.alloc` gave. */
    readonly SQLITE_WASM_DEALLOC: Pointer;
    readonly sqlite3_vfs: new () => VfsStruct;
    readonly sqlite3_io_methods: new () => IoMethodsStruct;
    readonly sqlite3_file: (new (at: Pointer) => FileStruct) & {
      readonly structInfo: { readonly sizeof: number };
    };
  };
  readonly vfs: {
    installVfs(parts: {
      readonly io?: { readonly struct: IoMethodsStruct; readonly methods: VfsMethods };
      readonly vfs?: { readonly struct: VfsStruct; readonly methods: VfsMethods };
    }): void;
  };
}

/** Methods of a VFS by their C names; 64-bit arguments come as bigint, and none may throw. */
export type VfsMethods = Readonly<Record<string, (...values: never[]) => number>>;

/**
 * Loads the module from its own file beside this script: the page's policy needs `script-src
 * 'self' 'wasm-unsafe-eval'` and `connect-src 'self'`. For dedicated workers.
 */
export async function loadSqlite(): Promise<SqliteModule> {
  // The module would start a worker for a VFS that is not used here, if memory could be shared.
  Reflect.deleteProperty(globalThis, "SharedArrayBuffer");
  // It would say on the console that it can't.
  Object.assign(globalThis, { sqlite3ApiConfig: { warn: () => undefined } });
  const module: unknown = await initSqlite({ print: () => undefined, printErr: () => undefined });
  // The package's own types leave the exports as `any` and miss the ciphers' functions.
  return module as SqliteModule;
}
