import { argon2Sync } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { toHex } from "@hi-stranger/core/codec/bytes";
import { argon2id } from "../../src/node/argon2id.ts";
import { utf8 } from "../support/temp-vault.ts";

test("the reference implementation's published answer comes out", async () => {
  const hash = await argon2id({
    password: utf8("password"),
    salt: utf8("somesalt"),
    memoryKib: 65_536,
    passes: 2,
    parallelism: 1,
    byteLength: 32,
  });
  expect(toHex(hash)).toBe("09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7");
});

test("node:crypto gives RFC 9106's answer of section 5.3, which takes a secret and associated data", () => {
  const tag = argon2Sync("argon2id", {
    message: Buffer.alloc(32, 1),
    nonce: Buffer.alloc(16, 2),
    parallelism: 4,
    tagLength: 32,
    memory: 32,
    passes: 3,
    secret: Buffer.alloc(8, 3),
    associatedData: Buffer.alloc(12, 4),
  });
  expect(tag.toString("hex")).toBe(
    "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659",
  );
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
