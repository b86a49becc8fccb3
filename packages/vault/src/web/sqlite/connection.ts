/**
 * A connection of SQLite3 Multiple Ciphers to one encrypted database: opening, keying, compiling.
 *
 * The cipher is ChaCha20-Poly1305 per page, and the key is used as it is.
 */
import type { DatabaseKey } from "../../ports.ts";
import { VaultError } from "../../vault-error.ts";
import type { Pointer, SqliteModule } from "./module.ts";
import { resultCodes } from "./result-codes.ts";
import { toSqliteError } from "./sqlite-error.ts";
import { createStatement, type Statement } from "./statement.ts";

export interface ConnectionOptions {
  readonly sqlite: SqliteModule;
  readonly vfsName: string;
  /** A path that the VFS has a file for, and another for it with `-journal`. */
  readonly path: string;
  /** What errors call the database. */
  readonly part: string;
  /** Null for a database in the clear, which only a comparison wants. */
  readonly key: DatabaseKey | null;
}

export interface Connection {
  /** Compiles the first statement of `sql`, null for a comment, and gives the text after it. */
  prepare(sql: string): { readonly statement: Statement | null; readonly tail: string };
  /** How many rows the last statement changed that changed any. */
  changes(): number;
  /** How many rows were changed since the connection was opened. */
  totalChanges(): number;
  isInTransaction(): boolean;
  /** Every statement must be finalized before. */
  close(): void;
}

/** `SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE` */
const openFlags = 0x2 | 0x4;
const keyPrefix = new TextEncoder().encode("raw:");

/** Connects, without reading anything yet: a wrong key shows at the first read. */
export function openConnection(options: ConnectionOptions): Connection {
  const { sqlite, part, key } = options;
  const { exports: c, cstrToJs } = sqlite.wasm;
  let db = openFile(options);
  const openDb = (): Pointer => {
    // Nothing may reach C by an address that it has freed.
    if (db === 0) throw new VaultError("vault_locked");
    return db;
  };
  const lastError = () =>
    toSqliteError(c.sqlite3_extended_errcode(openDb()), cstrToJs(c.sqlite3_errmsg(openDb())), part);
  const connection: Connection = {
    prepare(sql) {
      const { statement, tail } = compile(sqlite, openDb(), sql, lastError);
      return {
        statement: statement === 0 ? null : createStatement(sqlite, statement, lastError),
        tail,
      };
    },
    changes: () => c.sqlite3_changes(openDb()),
    totalChanges: () => c.sqlite3_total_changes(openDb()),
    isInTransaction: () => c.sqlite3_get_autocommit(openDb()) === 0,
    close() {
      c.sqlite3_close_v2(db);
      db = 0;
    },
  };
  if (key) applyKey(sqlite, connection, db, key);
  return connection;
}

function openFile({ sqlite: { wasm }, path, vfsName, part }: ConnectionOptions): Pointer {
  const { exports: c } = wasm;
  const pathPointer = wasm.allocCString(path);
  const vfsPointer = wasm.allocCString(vfsName);
  const out = wasm.alloc(8);
  try {
    wasm.poke(out, 0, "i32");
    const code = c.sqlite3_open_v2(pathPointer, out, openFlags, vfsPointer);
    const db = wasm.peekPtr(out);
    if (code === resultCodes.ok) return db;
    c.sqlite3_close_v2(db);
    throw toSqliteError(code, "the database can't be opened", part);
  } finally {
    for (const pointer of [pathPointer, vfsPointer, out]) wasm.dealloc(pointer);
  }
}

/** Hands over the key as bytes, and wipes the copy that C read it from. */
function applyKey(
  { wasm }: SqliteModule,
  connection: Connection,
  db: Pointer,
  { key, salt }: DatabaseKey,
): void {
  if (key.length !== 32 || salt.length !== 16) throw new TypeError("not a key and a salt");
  const { statement } = connection.prepare("PRAGMA cipher = 'chacha20'");
  statement?.run([]);
  statement?.finalize();
  const byteLength = keyPrefix.length + key.length + salt.length;
  const at = wasm.alloc(byteLength);
  try {
    wasm.heap8u().set(keyPrefix, at);
    wasm.heap8u().set(key, at + keyPrefix.length);
    wasm.heap8u().set(salt, at + keyPrefix.length + key.length);
    const code = wasm.exports.sqlite3_key(db, at, byteLength);
    if (code !== resultCodes.ok) throw new Error(`the ciphers refused a key with code ${code}`);
  } finally {
    wasm.heap8u().fill(0, at, at + byteLength);
    wasm.dealloc(at);
  }
}

function compile(
  { wasm }: SqliteModule,
  db: Pointer,
  sql: string,
  lastError: () => Error,
): { statement: Pointer; tail: string } {
  const text = wasm.allocCString(sql);
  const out = wasm.alloc(16);
  try {
    const code = wasm.exports.sqlite3_prepare_v2(db, text, -1, out, out + 8);
    if (code !== resultCodes.ok) throw lastError();
    return { statement: wasm.peekPtr(out), tail: wasm.cstrToJs(wasm.peekPtr(out + 8)) };
  } finally {
    wasm.dealloc(out);
    wasm.dealloc(text);
  }
}
