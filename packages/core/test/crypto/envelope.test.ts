import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromBase64Url, toBase64Url } from "../../src/codec/bytes.ts";
import { platformRandom } from "../../src/codec/ids.ts";
import { type DataKey, importDataKey } from "../../src/crypto/data-key.ts";
import {
  FieldError,
  type FieldPlace,
  type FieldSuiteName,
  dataKeyOf,
  maxFieldBytes,
  openField,
  sealField,
} from "../../src/crypto/envelope.ts";
import { countingBytes, countingRandom } from "../support/key-material.ts";

const { subtle } = crypto;
const dekId = "dek_00000000000000000000000001";
const place: FieldPlace = {
  environment: "test",
  table: "personal_data",
  column: "email",
  rowId: "psn_1",
  subjectId: "psn_1",
  schemaVersion: "personal_data.v1",
};
/** A field of each suite, how long what stands before its ciphertext is, and what is random of it. */
const fields = [
  {
    suite: "hs1",
    known:
      "hs1.dek_00000000000000000000000001.1.QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8jzmPvwTdqKHp8C4z" +
      "et2rvhN-2b4OGHbezB1_EzFvAAVcohXF-CB1HkXh7gtSu6Hj9Xxs95kIRKmhhQ7FRiO4",
    headByteLength: 32 + 32,
    randomBytes: [0, 32],
  },
  {
    suite: "hs2",
    known:
      "hs2.dek_00000000000000000000000001.1.fxLZW3MpzitEZfmcNZlm22ACFD7q53OFF-gtB0j3lMZAQUJDREVGR0hJSkv" +
      "CiuEaogoqdFizww-stkc1m6YtzUY7LhajxjIUsaLA",
    headByteLength: 32 + 12,
    randomBytes: [32, 44],
  },
] as const;
const dataKey = await keyOf(countingBytes(32));

function keyOf(bytes: Uint8Array<ArrayBuffer>, id = dekId, version = 1): Promise<DataKey> {
  return importDataKey(subtle, { dekId: id, dekVersion: version }, bytes);
}

/** The one way that a field may fail to open. */
async function expectRefused(text: string, key = dataKey, at = place): Promise<void> {
  const refusal = openField(subtle, key, at, text);
  await expect(refusal).rejects.toThrow(FieldError);
  await expect(refusal).rejects.toThrow("The value can't be opened.");
}

function bodyOf(text: string): Uint8Array<ArrayBuffer> {
  return fromBase64Url(text.split(".")[3] ?? "") ?? new Uint8Array();
}

describe.each(fields)("a field of $suite", ({ suite, known, headByteLength, randomBytes }) => {
  const seal = (text: string, key = dataKey, fillRandom = platformRandom) =>
    sealField(subtle, key, place, text, { suite, fillRandom });

  test("is the published one for known keys", async () => {
    expect(await seal("ada@example.org", dataKey, countingRandom(0x40))).toBe(known);
    expect(await openField(subtle, dataKey, place, known)).toBe("ada@example.org");
    expect(dataKeyOf(known)).toEqual({ suite, dekId, dekVersion: 1 });
  });

  test("comes out as it went in, whatever text it is", async () => {
    const texts = fc.string({ unit: "binary", maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const sealed = await seal(text);
        expect(await openField(subtle, dataKey, place, sealed)).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  test("keeps a byte order mark and takes as much as it says", async () => {
    for (const text of ["\ufeffname", "", "x".repeat(maxFieldBytes)]) {
      const sealed = await seal(text);
      expect(await openField(subtle, dataKey, place, sealed)).toBe(text);
    }
    const long = seal("ä".repeat(maxFieldBytes));
    await expect(long).rejects.toThrow(RangeError);
  });

  test("never meets its key with the same IV: what is random is another each time", async () => {
    const count = 2_000;
    const sealed = await Promise.all(Array.from({ length: count }, () => seal("x")));
    const used = new Set(sealed.map((text) => toBase64Url(bodyOf(text).slice(...randomBytes))));
    expect(used.size).toBe(count);
    // Nothing of it is fixed or counted: no byte is the same in all.
    for (let index = randomBytes[0]; index < randomBytes[1]; index += 1) {
      expect(new Set(sealed.map((text) => bodyOf(text)[index])).size).toBeGreaterThan(1);
    }
  });

  const others: [string, Partial<FieldPlace>][] = [
    ["environment", { environment: "production" }],
    ["table", { table: "consents" }],
    ["column", { column: "name" }],
    ["row", { rowId: "psn_2" }],
    ["person", { subjectId: "psn_2" }],
    ["schema version", { schemaVersion: "personal_data.v2" }],
    ["split of the same characters", { rowId: "psn_1p", subjectId: "sn_1" }],
  ];
  test.each(others)("doesn't open in another %s", async (_, other) => {
    await expectRefused(known, dataKey, { ...place, ...other });
  });

  test("doesn't open with another key, even one that claims to be the same", async () => {
    await expectRefused(known, await keyOf(countingBytes(32, 1)));
    await expectRefused(known, await keyOf(countingBytes(32), "dek_00000000000000000000000002"));
    await expectRefused(known, await keyOf(countingBytes(32), dekId, 2));
  });

  test("doesn't open with any one bit flipped", async () => {
    const start = known.lastIndexOf(".") + 1;
    const body = fromBase64Url(known.slice(start)) ?? new Uint8Array();
    expect(body).toHaveLength(headByteLength + 15 + 16);
    for (let bit = 0; bit < body.length * 8; bit += 1) {
      const flipped = body.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await expectRefused(known.slice(0, start) + toBase64Url(flipped));
    }
  });

  test("doesn't open when cut or extended anywhere, or with any character changed", async () => {
    for (let length = 0; length < known.length; length += 1) {
      await expectRefused(known.slice(0, length));
    }
    for (const text of [
      `${known}A`,
      `${known}AAAA`,
      ` ${known}`,
      `${known}\n`,
      known.toUpperCase(),
    ]) {
      await expectRefused(text);
    }
    for (let index = 0; index < known.length; index += 1) {
      const other = known[index] === "A" ? "B" : "A";
      await expectRefused(known.slice(0, index) + other + known.slice(index + 1));
    }
  });

  test("is refused by its commitment before it is decrypted by a second key", async () => {
    // GCM alone lets one ciphertext open under two keys; a forger who knows both still can't make
    // both derive the same commitment.
    const second = await keyOf(countingBytes(32, 99));
    const bySecond = await seal("ada@example.org", second, countingRandom(0x40));
    const spliced = bodyOf(known);
    // The second key's ciphertext under the first key's commitment.
    spliced.set(bodyOf(bySecond).slice(headByteLength), headByteLength);
    await expectRefused(`${suite}.${dekId}.1.${toBase64Url(spliced)}`, second);
    await expectRefused(`${suite}.${dekId}.1.${toBase64Url(spliced)}`, dataKey);
  });

  test("doesn't open as one of another suite", async () => {
    const other: Record<FieldSuiteName, FieldSuiteName> = { hs1: "hs2", hs2: "hs1" };
    await expectRefused(known.replace(suite, other[suite]));
    await expectRefused(known.replace(suite, "hs3"));
  });

  test("that is any text at all is refused alike", async () => {
    const texts = fc.oneof(
      fc.string(),
      fc.base64String().map((text) => `${suite}.${dekId}.1.${text.replace(/[+/=]/g, "")}`),
    );
    await fc.assert(
      fc.asyncProperty(texts, (text) => expectRefused(text)),
      { numRuns: 200 },
    );
    await expectRefused(`${suite}.${dekId}.1.${"A".repeat(200_000)}`);
  });
});
