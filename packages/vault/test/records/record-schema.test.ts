import { describe, expect, test } from "vitest";
import { createRecordSchema } from "../../src/records/record-schema.ts";
import { isVaultError } from "../../src/vault-error.ts";
import { openEmptyDatabase } from "./open-database.ts";

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
