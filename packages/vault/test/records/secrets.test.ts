import { randomBytes } from "node:crypto";
import { StoreError } from "@hi-stranger/core/errors";
import { describe, expect, test } from "vitest";
import type { Database } from "../../src/ports.ts";
import { createSqlSecretStore, maxSecretBytes } from "../../src/records/secrets.ts";
import { openRecordDatabase } from "./open-database.ts";

const emptyStore = () => createSqlSecretStore(openRecordDatabase());
const bytes = (...values: number[]) => Uint8Array.from(values);

describe("the vault's store of secrets", () => {
  test("gives back every byte that was put, until it is put anew or deleted", async () => {
    const store = emptyStore();
    const every = Uint8Array.from({ length: 256 }, (_, index) => index);
    const largest = Uint8Array.from(randomBytes(maxSecretBytes));
    await store.put("every byte", every);
    await store.put("largest", largest);
    await store.put("empty", bytes());
    expect(await store.get("every byte")).toEqual(every);
    expect(await store.get("largest")).toEqual(largest);
    expect(await store.get("empty")).toEqual(bytes());
    await store.put("every byte", bytes(1));
    expect(await store.get("every byte")).toEqual(bytes(1));
    expect(await store.delete("every byte")).toBe(true);
    expect(await store.delete("every byte")).toBe(false);
    expect(await store.get("every byte")).toBeNull();
  });

  test("leaves what it is given as it is, and gives out a copy of its own each time", async () => {
    const store = emptyStore();
    const value = bytes(1, 2, 3);
    await store.put("a", value);
    expect(value).toEqual(bytes(1, 2, 3));
    const first = await store.get("a");
    first?.fill(0);
    expect(await store.get("a")).toEqual(bytes(1, 2, 3));
  });

  test("wipes what the database handed over, once it is copied", async () => {
    const database = openRecordDatabase();
    const handedOver: Uint8Array[] = [];
    const watched: Database = {
      ...database,
      get: <Row>(sql: string, ...parameters: Parameters<Database["get"]>[1][]) => {
        const row = database.get<Row>(sql, ...parameters);
        handedOver.push((row as { value: Uint8Array }).value);
        return row;
      },
    };
    const store = createSqlSecretStore(watched);
    await store.put("a", bytes(1, 2, 3));
    expect(await store.get("a")).toEqual(bytes(1, 2, 3));
    expect(handedOver.map((value) => [...value])).toEqual([[0, 0, 0]]);
  });

  test("lists names in their order with the sizes of their values, which it doesn't tell", async () => {
    const store = emptyStore();
    expect(await store.list()).toEqual([]);
    for (const name of ["zz", "Ä ö 🙂", "a/b", "a"]) {
      await store.put(name, new Uint8Array(name.length));
    }
    expect(await store.list()).toEqual([
      { name: "a", byteLength: 1 },
      { name: "a/b", byteLength: 3 },
      { name: "zz", byteLength: 2 },
      { name: "Ä ö 🙂", byteLength: 6 },
    ]);
  });

  test.each(["", "x".repeat(129), "a\nb", "a\u0000", "\u202Eabc", "\ud83d"])(
    "refuses the name %j",
    async (name) => {
      const store = emptyStore();
      await expect(store.put(name, bytes(1))).rejects.toThrow(StoreError);
      expect(await store.list()).toEqual([]);
      expect(await store.get(name)).toBeNull();
    },
  );

  test("takes the longest name, and refuses a value that is a byte too long", async () => {
    const store = emptyStore();
    await store.put("x".repeat(128), bytes(1));
    const tooLong = store.put("a", new Uint8Array(maxSecretBytes + 1));
    await expect(tooLong).rejects.toMatchObject({ code: "invalid_parameter" });
    expect(await store.list()).toHaveLength(1);
  });
});
