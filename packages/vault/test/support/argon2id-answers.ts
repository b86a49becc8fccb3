/**
 * Known answers of Argon2id, version 1.3: those that the reference implementation's own tests publish
 * (github.com/P-H-C/phc-winner-argon2, `test.c`), which take neither a secret nor associated data, as
 * the vault doesn't, and that of RFC 9106, section 5.3, which takes both.
 */
import type { Argon2idInput } from "../../src/ports.ts";

interface KnownAnswer extends Omit<Argon2idInput, "password" | "salt" | "byteLength"> {
  readonly password: string;
  readonly salt: string;
  /** 32 bytes in hexadecimal. */
  readonly tag: string;
}

const usual = { password: "password", salt: "somesalt", parallelism: 1 };

export const referenceAnswers: readonly KnownAnswer[] = [
  {
    ...usual,
    passes: 2,
    memoryKib: 65_536,
    tag: "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7",
  },
  {
    ...usual,
    passes: 2,
    memoryKib: 262_144,
    tag: "78fe1ec91fb3aa5657d72e710854e4c3d9b9198c742f9616c2f085bed95b2e8c",
  },
  {
    ...usual,
    passes: 2,
    memoryKib: 256,
    tag: "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe",
  },
  {
    ...usual,
    passes: 2,
    memoryKib: 256,
    parallelism: 2,
    tag: "6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037",
  },
  {
    ...usual,
    passes: 1,
    memoryKib: 65_536,
    tag: "f6a5adc1ba723dddef9b5ac1d464e180fcd9dffc9d1cbf76cca2fed795d9ca98",
  },
  {
    ...usual,
    passes: 4,
    memoryKib: 65_536,
    tag: "9025d48e68ef7395cca9079da4c4ec3affb3c8911fe4f86d1a2520856f63172c",
  },
  {
    ...usual,
    password: "differentpassword",
    passes: 2,
    memoryKib: 65_536,
    tag: "0b84d652cf6b0c4beaef0dfe278ba6a80df6696281d7e0d2891b817d8c458fde",
  },
  {
    ...usual,
    salt: "diffsalt",
    passes: 2,
    memoryKib: 65_536,
    tag: "bdf32b05ccc42eb15d58fd19b1f856b113da1e9a5874fdcc544308565aa8141c",
  },
];

/** What the adapters take of a known answer. */
export function inputOf(known: KnownAnswer): Argon2idInput {
  const { memoryKib, passes, parallelism } = known;
  const encoder = new TextEncoder();
  return {
    password: encoder.encode(known.password),
    salt: encoder.encode(known.salt),
    memoryKib,
    passes,
    parallelism,
    byteLength: 32,
  };
}

export const rfcAnswer = {
  password: new Uint8Array(32).fill(1),
  salt: new Uint8Array(16).fill(2),
  secret: new Uint8Array(8).fill(3),
  associatedData: new Uint8Array(12).fill(4),
  memoryKib: 32,
  passes: 3,
  parallelism: 4,
  byteLength: 32,
  tag: "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659",
};
