import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { platformRandom } from "../../src/codec/ids.ts";
import {
  type WrapContext,
  importDataKey,
  unwrapDataKey,
  wrapDataKey,
} from "../../src/crypto/data-key.ts";
import { KeyringError, addKeyVersion } from "../../src/crypto/keyring.ts";
import {
  countingBytes,
  countingRandom,
  keyringDocument,
  keyringOf,
} from "../support/key-material.ts";

const { subtle } = crypto;
const keyring = keyringOf(keyringDocument());
const share = countingBytes(32, 0xa0);
const context: WrapContext = {
  environment: "test",
  dekId: "dek_00000000000000000000000001",
  dekVersion: 1,
  subjectId: "psn_1",
  class: "pii",
  kekVersion: 1,
};
const wrapping = { subtle, keyring, share, context };
const known =
  "hw1.wMHCw8TFxsfIycrLkJ_gqUFLU_7jHLc6RaFFmH2CxsJZhOztA1M-ZPFpGJTuwrBagrIdt3XNkgGyU1Sr";

describe("a wrapped data key", () => {
  test("is the published one for known keys", async () => {
    expect(await wrapDataKey(wrapping, countingBytes(32), countingRandom(0xc0))).toBe(known);
    expect(await unwrapDataKey(wrapping, known)).toEqual(countingBytes(32));
  });

  test("comes out as it went in", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 32, maxLength: 32 }), async (bytes) => {
        const dek = Uint8Array.from(bytes);
        const wrapped = await wrapDataKey(wrapping, dek, platformRandom);
        expect(await unwrapDataKey(wrapping, wrapped)).toEqual(dek);
      }),
      { numRuns: 30 },
    );
  });

  const others: [string, Partial<WrapContext>][] = [
    ["environment", { environment: "production" }],
    ["key", { dekId: "dek_00000000000000000000000002" }],
    ["version", { dekVersion: 2 }],
    ["person", { subjectId: "psn_2" }],
    ["class", { class: "message" }],
  ];
  test.each(others)("doesn't open for another %s", async (_, other) => {
    expect(
      await unwrapDataKey({ ...wrapping, context: { ...context, ...other } }, known),
    ).toBeNull();
  });

  test("doesn't open by another share, nor by another root", async () => {
    expect(await unwrapDataKey({ ...wrapping, share: countingBytes(32) }, known)).toBeNull();
    const rotated = addKeyVersion(keyring, "kek", platformRandom);
    const claimed = { ...context, kekVersion: 2 };
    expect(
      await unwrapDataKey({ ...wrapping, keyring: rotated, context: claimed }, known),
    ).toBeNull();
  });

  test("asks for a root that there is", async () => {
    const lost = { ...wrapping, context: { ...context, kekVersion: 9 } };
    await expect(unwrapDataKey(lost, known)).rejects.toThrow(KeyringError);
  });

  test("doesn't open with any character changed, cut or added", async () => {
    for (let index = 0; index < known.length; index += 1) {
      const other = known[index] === "A" ? "B" : "A";
      const changed = known.slice(0, index) + other + known.slice(index + 1);
      expect(await unwrapDataKey(wrapping, changed)).toBeNull();
    }
    expect(await unwrapDataKey(wrapping, known.slice(0, -4))).toBeNull();
    expect(await unwrapDataKey(wrapping, `${known}AAAA`)).toBeNull();
    expect(await unwrapDataKey(wrapping, "")).toBeNull();
  });
});

test("the bytes of a data key are wiped once it is in use", async () => {
  const bytes = countingBytes(32, 1);
  const dataKey = await importDataKey(subtle, context, bytes);
  expect(bytes.every((byte) => byte === 0)).toBe(true);
  await expect(subtle.exportKey("raw", dataKey.base)).rejects.toThrow();
  await expect(subtle.exportKey("raw", dataKey.fieldKey)).rejects.toThrow();
});
