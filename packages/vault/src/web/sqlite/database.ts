/**
 * The `Database` port over SQLite in WebAssembly.
 *
 * A commit is durable when it returns. The journal is a rollback journal, as on Node: a write-ahead
 * log would halve a small commit's time, but where such a log is damaged it is cut off without a
 * word, and acknowledged writes with it. Nothing leaves memory but through the two encrypted files.
 */
import type { Database, SqlValue } from "../../ports.ts";
import { type Connection, type ConnectionOptions, openConnection } from "./connection.ts";
import type { Statement } from "./statement.ts";

const maxStatements = 256;

const settings = [
  "locking_mode = EXCLUSIVE",
  "temp_store = MEMORY",
  "journal_mode = DELETE",
  "synchronous = FULL",
];

/**
 * Opens, or creates when its file is empty, the database at `path`.
 * @throws {VaultError} `damaged` when `key` doesn't open it
 */
export function openSqliteDatabase(options: ConnectionOptions): Database {
  const connection = openConnection(options);
  const database = createDatabase(connection);
  try {
    for (const setting of settings) database.exec(`PRAGMA ${setting}`);
    // The first read, which a wrong key fails at.
    database.get("SELECT count(*) FROM sqlite_schema");
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function createDatabase(connection: Connection): Database {
  const statements = createStatementCache(connection);
  return {
    exec(sql) {
      // What was prepared may be about to mean something else.
      statements.clear();
      execAll(connection, sql);
    },
    run(sql, ...parameters) {
      const changesBefore = connection.totalChanges();
      statements.get(sql).run(parameters);
      // A statement that changes nothing leaves the count of the one before it.
      return connection.totalChanges() === changesBefore ? 0 : connection.changes();
    },
    // The caller says what its query answers, as with every driver of SQL.
    all: <Row>(sql: string, ...parameters: readonly SqlValue[]) =>
      statements.get(sql).rows(parameters, Number.POSITIVE_INFINITY) as Row[],
    get: <Row>(sql: string, ...parameters: readonly SqlValue[]) =>
      statements.get(sql).rows(parameters, 1)[0] as Row | undefined,
    transaction: createTransactions(connection, (sql) => statements.get(sql).run([])),
    close() {
      statements.clear();
      connection.close();
    },
  };
}

/** Transactions, and savepoints for those within one another. */
function createTransactions(connection: Connection, runSql: (sql: string) => void) {
  let depth = 0;
  return <Result>(work: () => Result): Result => {
    const isOutermost = depth === 0;
    const savepoint = `depth_${depth}`;
    runSql(isOutermost ? "BEGIN IMMEDIATE" : `SAVEPOINT ${savepoint}`);
    depth += 1;
    try {
      const result = work();
      runSql(isOutermost ? "COMMIT" : `RELEASE ${savepoint}`);
      return result;
    } catch (error) {
      // A full disk or a broken read has SQLite roll everything back by itself.
      if (connection.isInTransaction()) {
        const undo = isOutermost
          ? ["ROLLBACK"]
          : [`ROLLBACK TO ${savepoint}`, `RELEASE ${savepoint}`];
        undo.forEach(runSql);
      }
      throw error;
    } finally {
      depth -= 1;
    }
  };
}

/** Keeps statements by their text; the one that has been there longest goes first. */
function createStatementCache(connection: Connection) {
  const statementsBySql = new Map<string, Statement>();
  const prepare = (sql: string): Statement => {
    const { statement, tail } = connection.prepare(sql);
    if (statement && tail.trim() === "") return statement;
    statement?.finalize();
    throw new TypeError("one statement is expected");
  };
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
function execAll(connection: Connection, sql: string): void {
  let rest = sql;
  while (rest.trim() !== "") {
    const { statement, tail } = connection.prepare(rest);
    rest = tail;
    try {
      statement?.run([]);
    } finally {
      statement?.finalize();
    }
  }
}
