import { argon2Sync } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { toHex } from "@hi-stranger/core/codec/bytes";
import { argon2id } from "../../src/node/argon2id.ts";
import { inputOf, referenceAnswers, rfcAnswer } from "../support/argon2id-answers.ts";

test.each(referenceAnswers)(
  "the reference implementation's answer for $memoryKib KiB, $passes passes, $parallelism lanes, $password and $salt comes out",
  async (known) => {
    expect(toHex(await argon2id(inputOf(known)))).toBe(known.tag);
  },
);

// The library that ours calls takes no associated data: what follows joins ours to it.
test("node:crypto gives RFC 9106's answer of section 5.3, which takes a secret and associated data", () => {
  const { password, salt, memoryKib, byteLength, tag, ...rest } = rfcAnswer;
  const cost = { memory: memoryKib, tagLength: byteLength };
  const given = argon2Sync("argon2id", { message: password, nonce: salt, ...cost, ...rest });
  expect(given.toString("hex")).toBe(tag);
});

test("ours gives what node:crypto gives, whatever the parameters", async () => {
  const parameters = fc.record({
    password: fc.uint8Array({ maxLength: 80 }),
    salt: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    memoryKib: fc.integer({ min: 64, max: 2_048 }),
    passes: fc.integer({ min: 1, max: 4 }),
    parallelism: fc.integer({ min: 1, max: 4 }),
    byteLength: fc.constantFrom(16, 32, 64),
  });
  await fc.assert(
    fc.asyncProperty(parameters, async (input) => {
      const expected = argon2Sync("argon2id", {
        message: input.password,
        nonce: input.salt,
        parallelism: input.parallelism,
        tagLength: input.byteLength,
        memory: input.memoryKib,
        passes: input.passes,
      });
      expect(toHex(await argon2id(input))).toBe(expected.toString("hex"));
    }),
    { numRuns: 60 },
  );
});
