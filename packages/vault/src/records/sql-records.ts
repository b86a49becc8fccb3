/**
 * Records of one kind in a table of `vault.db`: what the stores of all kinds share.
 *
 * A call is one transaction on the one connection that there is, so it is never seen half done. A
 * write tries to insert each row and, where its key is taken, to update it if it differs: two
 * statements at most, which tell new rows, changed ones and the others apart by themselves.
 */
import type { StoreCapabilities, WriteCounts } from "@hi-stranger/core/store/profile-store";
import type { PageQuery, RecordPage, StoredRecord } from "@hi-stranger/core/store/record-store";
import type { Database, SqlValue } from "../ports.ts";

export const sqlCapabilities: StoreCapabilities = {
  isAtomic: true,
  isConsistent: true,
  countCost: "constant",
};

/** How the rows of one kind are kept. */
export interface SqlKind<Row> {
  /** The table, and its name in `counters`. */
  readonly table: "profiles" | "chats" | "messages" | "policies";
  /** The column that holds the key. */
  readonly keyColumn: string;
  readonly keyOf: (row: Row) => string;
  /** Further columns, and what a row has in them. */
  readonly columns: readonly string[];
  readonly valuesOf: (row: Row) => readonly SqlValue[];
  /** Follows each row that was inserted or changed, in the transaction that does it. */
  readonly afterWrite?: (row: Row) => void;
  /** Follows each row that was removed, in the transaction that does it. `rev` is the deletion's. */
  readonly afterDelete?: (key: string, rev: number) => void;
}

export interface SqlRecords<Row> {
  get(key: string): StoredRecord | null;
  scan(query: PageQuery): RecordPage;
  count(): number;
  write(rows: readonly Row[]): WriteCounts;
  delete(key: string): boolean;
  /** Removes the rows whose `column` is `value`; answers how many there were. */
  deleteWhere(column: string, value: string): number;
}

export function createSqlRecords<Row extends { readonly line: string }>(
  database: Database,
  kind: SqlKind<Row>,
): SqlRecords<Row> {
  const { table, keyColumn } = kind;
  const selected = selectedColumns(keyColumn);
  const one = `SELECT rev, body AS line FROM ${table} WHERE ${keyColumn} = ?`;
  const page = `SELECT ${selected} FROM ${table} WHERE ${keyColumn} > ? ORDER BY ${keyColumn} LIMIT ?`;
  const removal = `DELETE FROM ${table} WHERE ${keyColumn} = ?`;
  const insertion = insertionSql(kind);
  const update = updateSql(kind);
  const counter = counterOf(database, table);

  const remove = (key: string): boolean => {
    if (database.run(removal, key) === 0) return false;
    const rev = counter.rev() + 1;
    counter.advance(-1, rev);
    kind.afterDelete?.(key, rev);
    return true;
  };

  return {
    get(key) {
      // Without the key, which the caller has: text is what a read spends its time on.
      const found = database.get<Omit<StoredRecord, "key">>(one, key);
      return found ? { key, rev: found.rev, line: found.line } : null;
    },

    scan({ cursor, limit }) {
      const found = database.all<StoredRecord>(page, cursor ?? "", limit + 1);
      return toPage(found, limit, ({ key }) => key);
    },

    count: () => counter.count(),

    write: (rows) =>
      database.transaction(() => {
        const firstRev = counter.rev();
        let rev = firstRev;
        let inserted = 0;
        for (const row of new Map(rows.map((row) => [kind.keyOf(row), row])).values()) {
          const key = kind.keyOf(row);
          const values = [row.line, rev + 1, ...kind.valuesOf(row)];
          const added = database.run(insertion, key, ...values);
          if (added === 0 && database.run(update, ...values, key, row.line) === 0) continue;
          rev += 1;
          inserted += added;
          kind.afterWrite?.(row);
        }
        const changed = rev - firstRev;
        if (changed > 0) counter.advance(inserted, rev);
        return { inserted, updated: changed - inserted, unchanged: rows.length - changed };
      }),

    delete: (key) => database.transaction(() => remove(key)),

    deleteWhere: (column, value) =>
      database.transaction(() => {
        const keys = database.all<{ key: string }>(
          `SELECT ${keyColumn} AS key FROM ${table} WHERE ${column} = ?`,
          value,
        );
        for (const { key } of keys) remove(key);
        return keys.length;
      }),
  };
}

/** The columns that make a {@link StoredRecord}. */
export function selectedColumns(keyColumn: string): string {
  return `${keyColumn} AS key, rev, body AS line`;
}

/** A page of `limit` records from one more, if there are more. */
export function toPage<Found extends StoredRecord>(
  found: readonly Found[],
  limit: number,
  toCursor: (last: Found) => string,
): RecordPage {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: found.length > limit && last ? toCursor(last) : null };
}

/** Inserts a row unless its key is taken; its parameters are key, line, revision and the kind's own columns. */
function insertionSql<Row>({ table, keyColumn, columns }: SqlKind<Row>): string {
  const names = [keyColumn, "body", "rev", ...columns];
  return `INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})
    ON CONFLICT (${keyColumn}) DO NOTHING`;
}

/** Updates a row if its line differs; its parameters are line, revision, the kind's own columns, key and line. */
function updateSql<Row>({ table, keyColumn, columns }: SqlKind<Row>): string {
  const settings = ["body", "rev", ...columns].map((name) => `${name} = ?`);
  return `UPDATE ${table} SET ${settings.join(", ")} WHERE ${keyColumn} = ? AND body <> ?`;
}

function counterOf(database: Database, kind: string) {
  return {
    count: () => read(database, "SELECT value AS number FROM counters WHERE kind = ?", kind),
    rev: () => read(database, "SELECT rev AS number FROM counters WHERE kind = ?", kind),
    advance(added: number, rev: number): void {
      const sql = "UPDATE counters SET value = value + ?, rev = ? WHERE kind = ?";
      database.run(sql, added, rev, kind);
    },
  };
}

function read(database: Database, sql: string, kind: string): number {
  return database.get<{ number: number }>(sql, kind)?.number ?? 0;
}
