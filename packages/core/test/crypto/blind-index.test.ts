import { describe, expect, test } from "vitest";
import { platformRandom } from "../../src/codec/ids.ts";
import { blindIndex } from "../../src/crypto/blind-index.ts";
import { KeyringError, activateKeyVersion, addKeyVersion } from "../../src/crypto/keyring.ts";
import { keyringDocument, keyringOf } from "../support/key-material.ts";

const { subtle } = crypto;
const keyring = keyringOf(keyringDocument());
const place = {
  environment: "test",
  table: "personal_data",
  column: "email_hash",
  normaliserVersion: 1,
};
const known = "1.ygPDHGC69uxGFOw-aS_QQ0HQwm2Bvle7xR2sO9cpiL0";

describe("a blind index", () => {
  test("is the published one for a known root", async () => {
    expect(await blindIndex(subtle, keyring, place, "ada@example.org")).toBe(known);
  });

  test("differs by value, environment, table, column and rule", async () => {
    const all = await Promise.all([
      blindIndex(subtle, keyring, place, "bob@example.org"),
      blindIndex(subtle, keyring, { ...place, environment: "production" }, "ada@example.org"),
      blindIndex(subtle, keyring, { ...place, table: "magic_links" }, "ada@example.org"),
      blindIndex(subtle, keyring, { ...place, column: "other" }, "ada@example.org"),
      blindIndex(subtle, keyring, { ...place, normaliserVersion: 2 }, "ada@example.org"),
    ]);
    expect(new Set([known, ...all]).size).toBe(6);
  });

  test("is made with the active root, or with one that is asked for", async () => {
    const added = addKeyVersion(keyring, "index", platformRandom);
    const rotated = activateKeyVersion(added, "index", 2);
    expect(await blindIndex(subtle, rotated, place, "ada@example.org")).toMatch(/^2\./);
    expect(await blindIndex(subtle, rotated, place, "ada@example.org", 1)).toBe(known);
    await expect(blindIndex(subtle, rotated, place, "ada@example.org", 3)).rejects.toThrow(
      KeyringError,
    );
  });
});
