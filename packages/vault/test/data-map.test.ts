import { mappedTables } from "@hi-stranger/core/data-map";
import { describe, expect, test } from "vitest";
import { prepareAuthSchema } from "../src/auth/auth-schema.ts";
import type { Database } from "../src/ports.ts";
import { createRecordSchema } from "../src/records/record-schema.ts";
import { openEmptyDatabase } from "./records/open-database.ts";

/** Each database of the vault, and what creates its tables. */
const databases: readonly (readonly [string, (database: Database) => void])[] = [
  ["vault.db", createRecordSchema],
  ["auth.db", prepareAuthSchema],
];

describe.each(databases)("the data map of %s", (name, createSchema) => {
  const tables = mappedTables.filter(({ database }) => database === name);

  test("knows every table, column and index that is there, and none that isn't", () => {
    const database = openEmptyDatabase();
    createSchema(database);
    const live = database.all<{ type: string; name: string; table: string; sql: string | null }>(
      "SELECT type, name, tbl_name AS 'table', sql FROM sqlite_schema WHERE tbl_name NOT LIKE 'sqlite_%' ORDER BY name",
    );
    const liveTables = live.filter(({ type }) => type === "table").map((row) => row.name);
    expect(tables.map(({ table }) => table).toSorted()).toEqual(liveTables);
    expect(live.filter(({ type }) => type !== "table" && type !== "index")).toEqual([]);
    for (const { table, columns, indexes } of tables) {
      const namesIn = (pragma: string, of: string) =>
        database.all<{ name: string }>(`SELECT name FROM ${pragma}(?)`, of).map((row) => row.name);
      expect(Object.keys(columns)).toEqual(namesIn("pragma_table_info", table));
      const named = live.filter((row) => row.type === "index" && row.table === table && row.sql);
      const liveIndexes = named.map((index) => [
        index.name,
        namesIn("pragma_index_info", index.name),
      ]);
      expect(indexes).toEqual(Object.fromEntries(liveIndexes));
    }
  });
});
