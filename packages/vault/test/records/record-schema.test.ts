import { mappedTables } from "@hi-stranger/core/data-map";
import { describe, expect, test } from "vitest";
import type { Database } from "../../src/ports.ts";
import { createRecordSchema } from "../../src/records/record-schema.ts";
import { isVaultError } from "../../src/vault-error.ts";
import { openEmptyDatabase } from "./open-database.ts";

/** Each database of the vault, and what creates its tables. */
const databases: readonly (readonly [string, (database: Database) => void])[] = [
  ["vault.db", createRecordSchema],
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

describe("the schema of vault.db", () => {
  test("is made once, and left alone when it is there", () => {
    const database = openEmptyDatabase();
    createRecordSchema(database);
    database.run("UPDATE counters SET rev = 7 WHERE kind = 'chats'");
    createRecordSchema(database);
    const sql = "SELECT rev FROM counters WHERE kind = 'chats'";
    expect(database.get(sql)).toEqual({ rev: 7 });
  });

  test("of a later version is refused, and so is one that never was; neither is touched", () => {
    for (const [version, code] of [
      [2, "newer_version"],
      [-1, "damaged"],
    ] as const) {
      const database = openEmptyDatabase();
      database.exec(`PRAGMA user_version = ${version}`);
      const codeOf = () => {
        try {
          createRecordSchema(database);
        } catch (error) {
          return isVaultError(error, code);
        }
        return null;
      };
      expect(codeOf()).toBe(true);
      expect(database.all("SELECT name FROM sqlite_schema")).toEqual([]);
    }
  });
});
