/**
 * The `Database` port over SQLite3 Multiple Ciphers in WebAssembly: ChaCha20-Poly1305 per page, with
 * a key that is used as it is.
 *
 * A commit is durable when it returns: SQLite runs with `synchronous=FULL` on a write-ahead log that
 * one connection holds, so that a commit takes one flush. Nothing leaves memory but through the two
 * encrypted files.
 */
import type { Database, DatabaseKey, SqlValue } from "../../ports.ts";
import type { Pointer, SqliteModule } from "./module.ts";
import { resultCodes } from "./result-codes.ts";
import { toSqliteError } from "./sqlite-error.ts";
import { createStatement, type Statement } from "./statement.ts";

export interface OpenDatabaseOptions {
  readonly sqlite: SqliteModule;
  readonly vfsName: string;
  /** A path that the VFS has a file for, and another for it with `-wal` and `-journal`. */
  readonly path: string;
  /** Null for a database in the clear, which only a benchmark wants. */
  readonly key: DatabaseKey | null;
}

/** `SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE` */
const openFlags = 0x2 | 0x4;
const keyPrefix = new TextEncoder().encode("raw:");
const maxStatements = 256;

/**
 * Opens, or creates when its file is empty, the database at `path`.
 * @throws {VaultError} `damaged` when `key` doesn't open it
 */
export function openSqliteDatabase(options: OpenDatabaseOptions): Database {
  const { sqlite, key } = options;
  const db = openConnection(options);
  const database = createDatabase(sqlite, db);
  try {
    if (key) {
      database.exec("PRAGMA cipher = 'chacha20'");
      applyKey(sqlite, db, key);
    }
    // Before the first read: without shared memory, a log needs a connection that shares nothing.
    database.exec("PRAGMA locking_mode = EXCLUSIVE");
    database.exec("PRAGMA temp_store = MEMORY");
    database.exec("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = FULL");
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function openConnection({ sqlite: { wasm }, path, vfsName }: OpenDatabaseOptions): Pointer {
  const { exports: c } = wasm;
  const pathPointer = wasm.allocCString(path);
  const vfsPointer = wasm.allocCString(vfsName);
  const out = wasm.alloc(8);
  try {
    wasm.poke(out, 0, "i32");
    const code = c.sqlite3_open_v2(pathPointer, out, openFlags, vfsPointer);
    const db = wasm.peekPtr(out);
    if (code === resultCodes.ok) return db;
    const error = toSqliteError(code, `${path} can't be opened`);
    c.sqlite3_close_v2(db);
    throw error;
  } finally {
    for (const pointer of [pathPointer, vfsPointer, out]) wasm.dealloc(pointer);
  }
}

/** Hands over the key as bytes, and wipes the copy that C read it from. */
function applyKey({ wasm }: SqliteModule, db: Pointer, { key, salt }: DatabaseKey): void {
  const byteLength = keyPrefix.length + key.length + salt.length;
  const at = wasm.alloc(byteLength);
  try {
    wasm.heap8u().set(keyPrefix, at);
    wasm.heap8u().set(key, at + keyPrefix.length);
    wasm.heap8u().set(salt, at + keyPrefix.length + key.length);
    const code = wasm.exports.sqlite3_key(db, at, byteLength);
    if (code !== resultCodes.ok) throw toSqliteError(code, "the key was refused");
  } finally {
    wasm.heap8u().fill(0, at, at + byteLength);
    wasm.dealloc(at);
  }
}

function createDatabase(sqlite: SqliteModule, db: Pointer): Database {
  const { exports: c } = sqlite.wasm;
  const lastError = () =>
    toSqliteError(c.sqlite3_extended_errcode(db), sqlite.wasm.cstrToJs(c.sqlite3_errmsg(db)));
  const statements = createStatementCache((sql) => {
    const [pointer, tail] = prepareFirst(sqlite, db, sql, lastError);
    if (pointer === 0 || tail.trim() !== "") {
      c.sqlite3_finalize(pointer);
      throw new TypeError("one statement is expected");
    }
    return createStatement(sqlite, pointer, lastError);
  });
  let depth = 0;

  const runPlain = (sql: string) => statements.get(sql).run([]);
  const rollBack = (name: string): void => {
    // A full disk or a broken read has SQLite roll back by itself.
    if (c.sqlite3_get_autocommit(db) !== 0) return;
    if (depth === 1) runPlain("ROLLBACK");
    else for (const verb of ["ROLLBACK TO", "RELEASE"]) runPlain(`${verb} ${name}`);
  };

  return {
    exec(sql) {
      // What was prepared may be about to mean something else.
      statements.clear();
      execAll(sqlite, db, sql, lastError);
    },
    run(sql, ...parameters) {
      const changesBefore = c.sqlite3_total_changes(db);
      statements.get(sql).run(parameters);
      // A statement that changes nothing leaves the count of the one before it.
      return c.sqlite3_total_changes(db) === changesBefore ? 0 : c.sqlite3_changes(db);
    },
    all: <Row>(sql: string, ...parameters: readonly SqlValue[]) =>
      // The caller says what its query answers, as with every driver of SQL.
      statements.get(sql).rows(parameters, Number.POSITIVE_INFINITY) as Row[],
    get: <Row>(sql: string, ...parameters: readonly SqlValue[]) =>
      statements.get(sql).rows(parameters, 1)[0] as Row | undefined,
    transaction(work) {
      const name = `depth_${depth}`;
      runPlain(depth === 0 ? "BEGIN IMMEDIATE" : `SAVEPOINT ${name}`);
      depth += 1;
      try {
        const result = work();
        runPlain(depth === 1 ? "COMMIT" : `RELEASE ${name}`);
        return result;
      } catch (error) {
        rollBack(name);
        throw error;
      } finally {
        depth -= 1;
      }
    },
    close() {
      statements.clear();
      c.sqlite3_close_v2(db);
    },
  };
}

/** Keeps statements by their text; the one that has been there longest goes first. */
function createStatementCache(prepare: (sql: string) => Statement) {
  const statementsBySql = new Map<string, Statement>();
  return {
    get(sql: string): Statement {
      const kept = statementsBySql.get(sql);
      if (kept) return kept;
      const statement = prepare(sql);
      for (const [oldSql, old] of statementsBySql) {
        if (statementsBySql.size < maxStatements) break;
        old.finalize();
        statementsBySql.delete(oldSql);
      }
      statementsBySql.set(sql, statement);
      return statement;
    },
    clear(): void {
      for (const statement of statementsBySql.values()) statement.finalize();
      statementsBySql.clear();
    },
  };
}

/** Runs the statements of `sql` one after the other. */
function execAll(sqlite: SqliteModule, db: Pointer, sql: string, lastError: () => Error): void {
  let rest = sql;
  while (rest.trim() !== "") {
    const [pointer, tail] = prepareFirst(sqlite, db, rest, lastError);
    rest = tail;
    if (pointer === 0) continue;
    const statement = createStatement(sqlite, pointer, lastError);
    try {
      statement.run([]);
    } finally {
      statement.finalize();
    }
  }
}

/** Compiles the first statement of `sql`: its address, 0 for a comment, and the text after it. */
function prepareFirst(
  { wasm }: SqliteModule,
  db: Pointer,
  sql: string,
  lastError: () => Error,
): [pointer: Pointer, tail: string] {
  const text = wasm.allocCString(sql);
  const out = wasm.alloc(16);
  try {
    const code = wasm.exports.sqlite3_prepare_v2(db, text, -1, out, out + 8);
    if (code !== resultCodes.ok) throw lastError();
    return [wasm.peekPtr(out), wasm.cstrToJs(wasm.peekPtr(out + 8))];
  } finally {
    wasm.dealloc(out);
    wasm.dealloc(text);
  }
}
