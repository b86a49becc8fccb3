/**
 * Records of one kind in a table of `vault.db`: what the stores of all kinds share.
 *
 * A call is one transaction on the one connection that there is, so it is never seen half done. A
 * write takes one statement a row: it tells new rows, changed ones and the others apart by itself.
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
  const one = `SELECT ${selected} FROM ${table} WHERE ${keyColumn} = ?`;
  const page = `SELECT ${selected} FROM ${table} WHERE ${keyColumn} > ? ORDER BY ${keyColumn} LIMIT ?`;
  const removal = `DELETE FROM ${table} WHERE ${keyColumn} = ?`;
  const upsert = upsertSql(kind);
  const counter = counterOf(database, table);

  const remove = (key: string): boolean => {
    if (database.run(removal, key) === 0) return false;
    const rev = counter.rev() + 1;
    counter.advance(-1, rev);
    kind.afterDelete?.(key, rev);
    return true;
  };

  return {
    get: (key) => database.get<StoredRecord>(one, key) ?? null,

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
          const next = rev + 1;
          const values = [kind.keyOf(row), row.line, next, ...kind.valuesOf(row), next];
          const written = database.get<Upserted>(upsert, ...values);
          if (!written) continue;
          rev = next;
          inserted += written.isNew;
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

/** What the statement of {@link upsertSql} gives for a row that it touched; nothing for one that stayed. */
interface Upserted {
  readonly isNew: 0 | 1;
}

/** Stores one row; its parameters are key, line, revision, the kind's own columns, and the revision again. */
function upsertSql<Row>({ table, keyColumn, columns }: SqlKind<Row>): string {
  const names = [keyColumn, "body", "rev", ...columns];
  const updated = ["body", "rev", ...columns].map((name) => `${name} = excluded.${name}`);
  return `
    INSERT INTO ${table} (${names.join(", ")}, first_rev)
    VALUES (${names.map(() => "?").join(", ")}, ?)
    ON CONFLICT (${keyColumn}) DO UPDATE SET ${updated.join(", ")} WHERE body <> excluded.body
    RETURNING rev = first_rev AS isNew`;
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
