import { mappedTables } from "@hi-stranger/core/data-map";
import { mappedKeys } from "@hi-stranger/core/data-map/keys";
import { describe, expect, it } from "vitest";
import { createApi } from "../support/api.ts";
import { emptyNamespace } from "../support/empty.ts";
import { env } from "../support/env.ts";
import { personaLines } from "../support/personas.ts";

/** Tables that the platform keeps for itself. */
const platformTables = /^(?:sqlite_|_cf_|d1_migrations$)/;

describe.each(["DB", "PII_DB"] as const)("the data map of %s", (name) => {
  const tables = mappedTables.filter(({ database }) => database === name);

  it("knows every table, column and index that is there, and none that isn't", async () => {
    const { results } = await env[name]
      .prepare("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name")
      .all<{ type: string; name: string; tbl_name: string; sql: string | null }>();
    const live = results.filter(({ tbl_name: table }) => !platformTables.test(table));
    const liveTables = live.filter(({ type }) => type === "table").map((row) => row.name);
    expect(tables.map(({ table }) => table).toSorted()).toEqual(liveTables);
    expect(live.filter(({ type }) => type !== "table" && type !== "index")).toEqual([]);
    for (const { table, columns, indexes } of tables) {
      const info = await env[name]
        .prepare(`SELECT name FROM pragma_table_info(?1)`)
        .bind(table)
        .all<{ name: string }>();
      expect(Object.keys(columns)).toEqual(info.results.map((column) => column.name));
      const liveIndexes: Record<string, string[]> = {};
      for (const index of live) {
        if (index.type !== "index" || index.tbl_name !== table || index.sql === null) continue;
        const parts = await env[name]
          .prepare("SELECT name FROM pragma_index_info(?1)")
          .bind(index.name)
          .all<{ name: string }>();
        liveIndexes[index.name] = parts.results.map((part) => part.name);
      }
      expect(indexes).toEqual(liveIndexes);
    }
  });
});

describe("the data map of KV", () => {
  const patterns = (home: string) =>
    mappedKeys
      .filter((mapped) => mapped.home === home)
      .map(({ key }) => new RegExp(`^${key.replace(/\{\w+\}/g, ".+")}$`));

  it("knows every key that a run of both modes leaves behind", async () => {
    const namespaces = ["PROFILES_KV", "IMPORT_REPORT_KV", "IDEMPOTENCY_KV"] as const;
    await Promise.all(namespaces.map((name) => emptyNamespace(env[name])));
    for (const mode of ["live", "prototype"] as const) {
      const api = await createApi(mode);
      const lines = personaLines(3);
      await api.import(lines.join("\n"), { "Idempotency-Key": "mapped" });
      const { profile_id: id } = JSON.parse(lines[0] ?? "") as { profile_id: string };
      await api.call(`/api/profiles/item?id=${id}`);
      await api.call(`/api/profiles/item?id=${id}`, { method: "DELETE" });
    }
    for (const name of namespaces) {
      const { keys } = await env[name].list();
      expect(keys.length).toBeGreaterThan(0);
      const unmapped = keys.filter(
        (key) => !patterns(name).some((pattern) => pattern.test(key.name)),
      );
      expect(unmapped).toEqual([]);
    }
  });
});
