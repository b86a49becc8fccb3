import { runInDurableObject } from "cloudflare:test";
import { mappedTables } from "@hi-stranger/core/data-map";
import { expect, it } from "vitest";
import { gatekeeper } from "../support/gatekeepers.ts";

it("the data map knows every table and column of a Gatekeeper, and none that isn't there", async () => {
  const stub = gatekeeper("mapped");
  await stub.revoke({ sessionIds: ["sgn_a"], nowMs: 0, untilMs: 1 });
  const columnsByTable = await runInDurableObject(stub, (_, { storage: { sql } }) => {
    const tables = sql
      .exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'")
      .toArray()
      .filter(({ name }) => !name.startsWith("_cf_"));
    return Object.fromEntries(
      tables.map(({ name }) => [
        name,
        sql
          .exec<{ name: string }>("SELECT name FROM pragma_table_info(?)", name)
          .toArray()
          .map((column) => column.name),
      ]),
    );
  });
  const mapped = mappedTables.filter(({ database }) => database === "Gatekeeper");
  expect(columnsByTable).toEqual(
    Object.fromEntries(mapped.map(({ table, columns }) => [table, Object.keys(columns)])),
  );
});
