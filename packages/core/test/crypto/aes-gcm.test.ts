import { expect, test } from "vitest";
import { toHex } from "../../src/codec/bytes.ts";
import { openGcm, sealGcm } from "../../src/crypto/aes-gcm.ts";

function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** The cases with 256-bit keys of "The Galois/Counter Mode of Operation", submitted to NIST. */
const vectors = [
  {
    name: "13",
    key: "00".repeat(32),
    iv: "00".repeat(12),
    aad: "",
    plain: "",
    sealed: "530f8afbc74536b9a963b4f1c4cb738b",
  },
  {
    name: "14",
    key: "00".repeat(32),
    iv: "00".repeat(12),
    aad: "",
    plain: "00".repeat(16),
    sealed: "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919",
  },
  {
    name: "16",
    key: "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
    iv: "cafebabefacedbaddecaf888",
    aad: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
    plain:
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72" +
      "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
    sealed:
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa" +
      "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662" +
      "76fc6ece0f4e1768cddf8853bb2d551b",
  },
];

test.each(vectors)("GCM's published case $name comes out, and opens", async (vector) => {
  const box = {
    key: fromHex(vector.key),
    iv: fromHex(vector.iv),
    additionalData: fromHex(vector.aad),
  };
  const sealed = await sealGcm(crypto.subtle, box, fromHex(vector.plain));
  expect(toHex(sealed)).toBe(vector.sealed);
  expect(await openGcm(crypto.subtle, box, sealed)).toEqual(fromHex(vector.plain));
});

test("no bit of ciphertext, tag, key, IV or bound data can be another", async () => {
  const [, , vector] = vectors;
  if (!vector) throw new Error("no vector");
  const parts = {
    key: fromHex(vector.key),
    iv: fromHex(vector.iv),
    additionalData: fromHex(vector.aad),
    sealed: fromHex(vector.sealed),
  };
  for (const part of Object.values(parts)) {
    for (let bit = 0; bit < part.length * 8; bit++) {
      flip(part, bit);
      const { sealed, ...box } = parts;
      expect(await openGcm(crypto.subtle, box, sealed)).toBeNull();
      flip(part, bit);
    }
  }
});

test("what is shorter than a tag opens to nothing", async () => {
  const box = {
    key: new Uint8Array(32),
    iv: new Uint8Array(12),
    additionalData: new Uint8Array(0),
  };
  expect(await openGcm(crypto.subtle, box, new Uint8Array(15))).toBeNull();
});

function flip(bytes: Uint8Array, bit: number): void {
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
}
