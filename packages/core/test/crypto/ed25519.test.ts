import { expect, it } from "vitest";
import { toHex } from "../../src/codec/bytes.ts";
import { signEd25519, signingKeyOf, verifyEd25519 } from "../../src/crypto/ed25519.ts";

const { subtle } = crypto;
const fromHex = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** RFC 8032, section 7.1: TEST 1 to TEST 3. */
const vectors = [
  {
    seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    message: "",
    signature:
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155" +
      "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  },
  {
    seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    message: "72",
    signature:
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" +
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  },
  {
    seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    publicKey: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    message: "af82",
    signature:
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac" +
      "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  },
];

it.each(vectors)("signs RFC 8032's message $message as the RFC does", async (vector) => {
  const key = await signingKeyOf(subtle, fromHex(vector.seed));
  expect(toHex(key.publicKey)).toBe(vector.publicKey);
  const message = fromHex(vector.message);
  const signature = await signEd25519(subtle, key, message);
  expect(toHex(signature)).toBe(vector.signature);
  expect(await verifyEd25519(subtle, key.publicKey, signature, message)).toBe(true);
});

it("refuses every signature with a flipped bit, another message, and keys and signatures of other lengths", async () => {
  const [{ publicKey: hex, signature: signatureHex } = { publicKey: "", signature: "" }] = vectors;
  const [publicKey, signature] = [fromHex(hex), fromHex(signatureHex)];
  const message = new Uint8Array();
  for (let bit = 0; bit < signature.length * 8; bit += 7) {
    const flipped = signature.slice();
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(await verifyEd25519(subtle, publicKey, flipped, message)).toBe(false);
  }
  expect(await verifyEd25519(subtle, publicKey, signature, new Uint8Array(1))).toBe(false);
  expect(await verifyEd25519(subtle, publicKey.slice(1), signature, message)).toBe(false);
  expect(await verifyEd25519(subtle, publicKey, signature.slice(1), message)).toBe(false);
});

it("gives a private key that can't be read", async () => {
  const { privateKey } = await signingKeyOf(subtle, new Uint8Array(32).fill(7));
  await expect(subtle.exportKey("jwk", privateKey)).rejects.toThrow();
});
