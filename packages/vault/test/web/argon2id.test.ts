import { toHex } from "@hi-stranger/core/codec/bytes";
import { expect, test } from "vitest";
import { inputOf, referenceAnswers, rfcAnswer } from "../support/argon2id-answers.ts";
import { inWorker } from "./support/in-worker.ts";

const password = new TextEncoder().encode("correct horse battery");
const salt = Uint8Array.from({ length: 16 }, (_, index) => index);

test.for([
  {
    memoryKib: 19_456,
    passes: 2,
    parallelism: 1,
    hash: "aaecaeb1f79eb8019ba62c34f62fa3e15289f88ff98779ae81de07821992ff1f",
  },
  {
    memoryKib: 65_536,
    passes: 1,
    parallelism: 1,
    hash: "2905919e091a896511bb077718e3b5c914ca3ac983254293546248f55b7a68ef",
  },
  {
    memoryKib: 65_536,
    passes: 3,
    parallelism: 1,
    hash: "904b42492da04031a468a6d1d51689848c15e5c88d8587b0186dce574b8c4bcc",
  },
  {
    memoryKib: 32,
    passes: 3,
    parallelism: 4,
    hash: "656c7982bd6be968e1e002385d0f171b8c4ac1ba28895294ea4b20951e5c2011",
  },
  {
    memoryKib: 131_072,
    passes: 1,
    parallelism: 2,
    hash: "ed9ed6d444d08bd6a6be96005c10439f2357c8b2b9a449dddae30c4524f245c7",
  },
])(
  "Argon2id of $memoryKib KiB in $passes passes with $parallelism lanes is what other implementations make of it, with SIMD and without",
  async ({ hash, ...cost }) => {
    const results = await inWorker("hashTwice", { password, salt, byteLength: 32, ...cost });
    expect(results.map(toHex)).toEqual([hash, hash]);
  },
);

test.for(referenceAnswers)(
  "the reference implementation's answer for $memoryKib KiB, $passes passes, $parallelism lanes, $password and $salt comes out, with SIMD and without",
  async (known) => {
    const results = await inWorker("hashTwice", inputOf(known));
    expect(results.map(toHex)).toEqual([known.tag, known.tag]);
  },
);

test("RFC 9106's answer of section 5.3 comes out of the library, with the secret and the data that the vault never gives it", async () => {
  const { tag, ...input } = rfcAnswer;
  const results = await inWorker("hashWithSecret", input);
  expect(results.map(toHex)).toEqual([tag, tag]);
});

test("a run leaves nothing in its memory", async () => {
  const input = { password, salt, byteLength: 32, memoryKib: 19_456, passes: 2, parallelism: 1 };
  expect(await inWorker("leftovers", input)).toBe(0);
});
