/**
 * Slots and headers of known bytes, held to answers that never change, and made once more from
 * docs/vault.md by another implementation: Node's own `crypto`.
 */
import { argon2Sync, createDecipheriv, createHash, createHmac, hkdfSync } from "node:crypto";
import { expect, test } from "vitest";
import { toHex } from "@hi-stranger/core/codec/bytes";
import { encodeHeaderCopy } from "../../src/header/header-copy.ts";
import { encodeIdentity } from "../../src/header/identity-record.ts";
import { argon2id } from "../../src/node/argon2id.ts";
import { passphraseCost, sealPassphraseSlot } from "../../src/slots/passphrase-slot.ts";
import { openQuestionsSlot, sealQuestionsSlot } from "../../src/slots/questions-slot.ts";
import { sealRecoverySlot } from "../../src/slots/recovery-slot.ts";
import type { SlotContext, WrappedKey } from "../../src/slots/slot.ts";
import { maskedShareToText, textToMaskedShare } from "../../src/slots/masked-share.ts";
import { deriveVaultKey } from "../../src/vault-keys.ts";
import { countedRandom, fromHex } from "../support/counted-random.ts";
import { knownHeader } from "../support/known-header.ts";
import { utf8 } from "../support/temp-vault.ts";

const { subtle } = crypto;
const vaultId = Uint8Array.from({ length: 16 }, (_, index) => 0xa0 + index);
const vmk = new Uint8Array(32).fill(0x11);

function context(): SlotContext {
  return { subtle, fillRandom: countedRandom(), argon2id, vaultId };
}

/** LP of docs/vault.md. */
function lengthPrefixed(...parts: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = Buffer.from(part);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}

function hkdf(key: Uint8Array, salt: Uint8Array, info: Uint8Array): Buffer {
  return Buffer.from(hkdfSync("sha256", key, salt, info, 32));
}

/** Opens a slot as docs/vault.md writes it. */
function unwrap(key: Uint8Array, letter: string, kdf: string, { iv, wrapped }: WrappedKey): string {
  const decipher = createDecipheriv("aes-256-gcm", key, iv);
  decipher.setAAD(lengthPrefixed("hs/vault/slot/v1", vaultId, letter, "1", kdf));
  decipher.setAuthTag(wrapped.subarray(32));
  return Buffer.concat([decipher.update(wrapped.subarray(0, 32)), decipher.final()]).toString(
    "hex",
  );
}

const unpadded = (bytes: Uint8Array): string =>
  Buffer.from(bytes).toString("base64").replaceAll("=", "");

test.each([
  ["hs/vault/page/v1", "d3bdf0a981b12e6f804abada3e573a8662b5ec72a1427c878b563af8c3eb3e83"],
  ["hs/vault/header-mac/v1", "8cf02300621dd26fde0a86df81b0851cb3ca9a8e81220184cbd3bcf2469415e0"],
  ["hs/vault/backup/v1", "a72a0c9da6a006c25edbf081829e55bdaacef3e2113b79c5a076ed45401857f1"],
] as const)("the key for %s is the known one", async (label, known) => {
  const key = await deriveVaultKey(subtle, vmk, vaultId, label);
  expect(toHex(key)).toBe(known);
  expect(toHex(key)).toBe(hkdf(vmk, vaultId, lengthPrefixed(label)).toString("hex"));
});

test("slot P is the known one, and opens as the document says", async () => {
  const { slot, phc } = await sealPassphraseSlot(context(), {
    passphrase: utf8("Wandering-Lantern-42 e\u0301"),
    vmk,
    cost: passphraseCost,
  });
  expect(phc).toBe(
    "$argon2id$v=19$m=65536,t=1,p=1$AAECAwQFBgcICQoLDA0ODw$H025ZLMJkNsb9hANjwXkXpSdIidGzfc3GDe1iOiUV8A",
  );
  expect(toHex(slot.wrapped)).toBe(
    "46d736c2456f2c8caca092d9ef90bf1c37a27b8c0659a6a77740ebedd3ee5342c16ef55e55bc509481050df62ea0d5f7",
  );
  const { salt } = slot.kdf;
  const root = argon2Sync("argon2id", {
    message: Buffer.from("Wandering-Lantern-42 \u00e9"),
    nonce: salt,
    memory: 65_536,
    passes: 1,
    parallelism: 1,
    tagLength: 32,
  });
  const kdf = `$argon2id$v=19$m=65536,t=1,p=1$${unpadded(salt)}`;
  const key = hkdf(root, salt, lengthPrefixed("hs/vault/slot-p/v1"));
  expect(unwrap(key, "P", kdf, slot)).toBe(toHex(vmk));
  const verifier = hkdf(root, salt, lengthPrefixed("hs/vault/verifier/v1"));
  expect(phc).toBe(`${kdf}$${unpadded(verifier)}`);
});

test("slot R is the known one, and opens as the document says", async () => {
  const { slot, code } = await sealRecoverySlot(context(), vmk);
  expect(new TextDecoder().decode(code)).toBe("0123-4567-89AB-CDEF-GHJK-MNPQ-RS2N");
  expect(toHex(slot.wrapped)).toBe(
    "9d9d4c2fdd5548a273fb54d2ed6f8c36c9131c0856bbe4ac0f97b5765b65929593a0e5ad5cec08c191caa3da7a092c83",
  );
  const values = Uint8Array.from({ length: 26 }, (_, index) => index);
  const key = hkdf(values, slot.salt, lengthPrefixed("hs/vault/slot-r/v1"));
  expect(unwrap(key, "R", `$hkdf-sha256$${unpadded(slot.salt)}`, slot)).toBe(toHex(vmk));
});

const deviceSecret = new Uint8Array(32).fill(0x22);
const typedAnswers = ["  BISCUIT ", "Lisbon", "The green  bicycle"];

test("slot Q of known shares opens, by two answers of three", async () => {
  const [salt, iv, wrapped] = [
    "606162636465666768696a6b6c6d6e6f",
    "707172737475767778797a7b",
    "af69b4234419269c9d7fe59e529513ddfcca6e039069943b2137f2d20fbc5212e57d4b3a5497ebfb80f069470a31aa62",
  ].map(fromHex);
  if (!salt || !iv || !wrapped) throw new Error("no slot");
  const slot = {
    setId: "000102030405060708090a0b0c0d0e0f",
    threshold: 2,
    count: 3,
    salt,
    iv,
    wrapped,
  };
  const texts = [
    "$hs-masked-share$v=1$r=1,k=2,n=3,x=71$set=000102030405060708090a0b0c0d0e0f$m=19456,t=2,p=1$MDEyMzQ1Njc4OTo7PD0+Pw$MSTAxrApeH0Zzbs8OtiXQZcIB5gNAJQsKy4RT4Xy6o0",
    "$hs-masked-share$v=1$r=1,k=2,n=3,x=237$set=000102030405060708090a0b0c0d0e0f$m=19456,t=2,p=1$QEFCQ0RFRkdISUpLTE1OTw$dqFqtvHEe8yAicbM3QXToOhBEe4pRzMEj32c4FtT21I",
    "$hs-masked-share$v=1$r=1,k=2,n=3,x=122$set=000102030405060708090a0b0c0d0e0f$m=19456,t=2,p=1$UFFSU1RVVldYWVpbXF1eXw$Ta/C9bdwMzkrEbnENnfvV9Sz3VoCji56jeTBRWjFt68",
  ];
  const answered = texts.map((text, index) => ({
    share: textToMaskedShare(text),
    answer: utf8(index === 2 ? "something else" : (typedAnswers[index] ?? "")),
  }));
  const opened = await openQuestionsSlot(context(), slot, answered, deviceSecret);
  expect(opened).toEqual({ vmk, areAllRight: false });
});

test("slot Q opens as the document says", async () => {
  const answers = typedAnswers.slice(0, 2).map(utf8);
  const input = { vmk, answers, threshold: 2, deviceSecret };
  const { slot, shares } = await sealQuestionsSlot(context(), input);
  const points = shares.map(({ x, masked, kdf }, index) => {
    const mask = argon2Sync("argon2id", {
      message: Buffer.from(["biscuit", "lisbon"][index] ?? ""),
      nonce: kdf.salt,
      memory: 19_456,
      passes: 2,
      parallelism: 1,
      tagLength: 32,
    });
    return { x, y: masked.map((byte, at) => byte ^ (mask[at] ?? 0)) };
  });
  const [first, second] = points;
  if (!first || !second) throw new Error("no shares");
  // The line through two points, at 0: (y1·x2 + y2·x1) / (x1 + x2) in GF(2^8).
  const inverse = inverseOf(first.x ^ second.x);
  const secret = first.y.map((y1, at) =>
    times(times(y1, second.x) ^ times(second.y[at] ?? 0, first.x), inverse),
  );
  const info = lengthPrefixed("hs/vault/slot-q/v1");
  const key = hkdf(Buffer.concat([secret, deviceSecret]), slot.salt, info);
  const kdf = `$hs-shares$k=2,n=2$set=${slot.setId}$${unpadded(slot.salt)}`;
  expect(unwrap(key, "Q", kdf, slot)).toBe(toHex(vmk));
});

test("a masked share is written and read as the document says", () => {
  const share = {
    setId: "0f".repeat(16),
    threshold: 4,
    count: 4,
    x: 255,
    kdf: { memoryKib: 19_456, passes: 2, parallelism: 1, salt: new Uint8Array(16).fill(1) },
    masked: new Uint8Array(32).fill(2),
  };
  const text = `$hs-masked-share$v=1$r=1,k=4,n=4,x=255$set=${share.setId}$m=19456,t=2,p=1$${unpadded(share.kdf.salt)}$${unpadded(share.masked)}`;
  expect(maskedShareToText(share)).toBe(text);
  expect(textToMaskedShare(text)).toEqual(share);
  for (const wrong of ["", text.slice(0, -1), text.replace("x=255", "x=256"), `${text}A`]) {
    expect(() => textToMaskedShare(wrong)).toThrow(expect.objectContaining({ code: "damaged" }));
  }
  for (const [from, to] of [
    ["m=19456", "m=67108864"],
    ["t=2", "t=0"],
    ["p=1", "p=9"],
  ] as const) {
    expect(() => textToMaskedShare(text.replace(from, to))).toThrow(
      expect.objectContaining({ code: "hostile_parameters" }),
    );
  }
});

test("a copy of the header and the identity are the known ones", async () => {
  const macKey = new Uint8Array(32).fill(7);
  const copy = await encodeHeaderCopy(subtle, macKey, 5, knownHeader());
  expect(createHash("sha256").update(copy).digest("hex")).toBe(
    "699658c8ba18edf698b304d5f53de84028a9b2a665e6fffd6dc9e601bc208fce",
  );
  const mac = createHmac("sha256", macKey).update(copy.subarray(0, 4064)).digest();
  expect(toHex(copy.subarray(4064))).toBe(mac.toString("hex"));
  expect(toHex(await encodeIdentity(subtle, knownHeader()))).toBe(
    "48535641554c544900000001000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f772a5e87711920e1b75c859e4aa2c27dd95817ed9cf3d1fade4c8cb87a3cb9ba",
  );
});

/** Multiplication in GF(2^8) with x^8 + x^4 + x^3 + x + 1. */
function times(left: number, right: number): number {
  let product = 0;
  for (let bit = 0, shifted = left; bit < 8; bit++) {
    if ((right >> bit) & 1) product ^= shifted;
    shifted = (shifted << 1) ^ (shifted & 0x80 ? 0x11b : 0);
  }
  return product;
}

function inverseOf(value: number): number {
  for (let inverse = 1; inverse < 256; inverse++) if (times(value, inverse) === 1) return inverse;
  throw new RangeError("0 has no inverse");
}
