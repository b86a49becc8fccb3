import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromBase64Url, toBase64Url } from "../../src/codec/bytes.ts";
import { platformRandom } from "../../src/codec/ids.ts";
import { type DataKey, importDataKey } from "../../src/crypto/data-key.ts";
import {
  FieldError,
  type FieldPlace,
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
const known =
  "hs1.dek_00000000000000000000000001.1.QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8jzmPvwTdqKHp8C4z" +
  "et2rvhN-2b4OGHbezB1_EzFvAAVcohXF-CB1HkXh7gtSu6Hj9Xxs95kIRKmhhQ7FRiO4";
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

describe("a field", () => {
  test("is the published one for known keys", async () => {
    const random = countingRandom(0x40);
    expect(await sealField(subtle, dataKey, place, "ada@example.org", random)).toBe(known);
    expect(await openField(subtle, dataKey, place, known)).toBe("ada@example.org");
    expect(dataKeyOf(known)).toEqual({ dekId, dekVersion: 1 });
  });

  test("comes out as it went in, whatever text it is", async () => {
    const texts = fc.string({ unit: "binary", maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const sealed = await sealField(subtle, dataKey, place, text, platformRandom);
        expect(await openField(subtle, dataKey, place, sealed)).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  test("keeps a byte order mark and takes as much as it says", async () => {
    for (const text of ["\ufeffname", "", "x".repeat(maxFieldBytes)]) {
      const sealed = await sealField(subtle, dataKey, place, text, platformRandom);
      expect(await openField(subtle, dataKey, place, sealed)).toBe(text);
    }
    const long = sealField(subtle, dataKey, place, "ä".repeat(maxFieldBytes), platformRandom);
    await expect(long).rejects.toThrow(RangeError);
  });

  test("is sealed with another salt each time", async () => {
    const sealed = await Promise.all(
      Array.from({ length: 200 }, () => sealField(subtle, dataKey, place, "x", platformRandom)),
    );
    const salts = new Set(sealed.map((text) => text.split(".")[3]?.slice(0, 43)));
    expect(salts.size).toBe(200);
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
    expect(body).toHaveLength(32 + 32 + 15 + 16);
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
    // one salt derive the same commitment from both.
    const second = await keyOf(countingBytes(32, 99));
    const bySecond = await sealField(
      subtle,
      second,
      place,
      "ada@example.org",
      countingRandom(0x40),
    );
    const bodyOf = (text: string) => fromBase64Url(text.split(".")[3] ?? "") ?? new Uint8Array();
    const spliced = bodyOf(known);
    // The second key's ciphertext under the first key's commitment.
    spliced.set(bodyOf(bySecond).slice(64), 64);
    await expectRefused(`hs1.${dekId}.1.${toBase64Url(spliced)}`, second);
    await expectRefused(`hs1.${dekId}.1.${toBase64Url(spliced)}`, dataKey);
  });

  test("that is any text at all is refused alike", async () => {
    const texts = fc.oneof(
      fc.string(),
      fc.base64String().map((text) => `hs1.${dekId}.1.${text.replace(/[+/=]/g, "")}`),
    );
    await fc.assert(
      fc.asyncProperty(texts, (text) => expectRefused(text)),
      { numRuns: 200 },
    );
    await expectRefused(`hs1.${dekId}.1.${"A".repeat(200_000)}`);
  });
});
