import { expect, test } from "vitest";
import { toHex } from "../../src/codec/bytes.ts";
import { hkdfSha256 } from "../../src/crypto/hkdf.ts";

const fromHex = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const range = (from: number, length: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length }, (_, index) => from + index);

/** RFC 5869, appendix A.1 to A.3: the cases with SHA-256. */
const vectors = [
  {
    name: "A.1, the basic case",
    key: new Uint8Array(22).fill(0x0b),
    salt: range(0, 13),
    info: range(0xf0, 10),
    okm: "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
  },
  {
    name: "A.2, long inputs and output",
    key: range(0, 80),
    salt: range(0x60, 80),
    info: range(0xb0, 80),
    okm:
      "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c" +
      "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71" +
      "cc30c58179ec3e87c14c01d5c1f3434f1d87",
  },
  {
    name: "A.3, no salt and no info",
    key: new Uint8Array(22).fill(0x0b),
    salt: new Uint8Array(0),
    info: new Uint8Array(0),
    okm: "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
  },
];

test.each(vectors)("RFC 5869 $name gives its published bytes", async ({ okm, ...input }) => {
  const byteLength = okm.length / 2;
  expect(toHex(await hkdfSha256(crypto.subtle, { ...input, byteLength }))).toBe(okm);
});

test("a shorter result is the start of a longer one", async () => {
  const input = { key: fromHex("00ff"), salt: fromHex("01"), info: fromHex("02") };
  const long = await hkdfSha256(crypto.subtle, { ...input, byteLength: 100 });
  expect(await hkdfSha256(crypto.subtle, { ...input, byteLength: 7 })).toEqual(long.slice(0, 7));
});

test("the input stays as it was", async () => {
  const key = range(1, 32);
  await hkdfSha256(crypto.subtle, { key, salt: key, info: key, byteLength: 32 });
  expect(key).toEqual(range(1, 32));
});
