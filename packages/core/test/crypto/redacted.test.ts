import { expect, test } from "vitest";
import { Redacted, reveal } from "../../src/crypto/redacted.ts";

const canary = "the-canary-secret";

test("a secret comes back by reveal alone", () => {
  const secret = new Redacted(canary);
  expect(reveal(secret)).toBe(canary);
  const shown = [
    String(secret),
    JSON.stringify({ secret }),
    "".concat(String(secret)),
    Object.prototype.toString.call(secret),
    JSON.stringify(Object.getOwnPropertyDescriptors(secret)),
    Object.keys(secret).join(""),
  ];
  for (const text of shown) expect(text).not.toContain(canary);
});

test("an error that carries a secret doesn't print it", () => {
  const error = new Error(`could not use ${String(new Redacted(canary))}`, {
    cause: new Redacted(canary),
  });
  expect(`${error.message}${error.stack}${JSON.stringify(error.cause)}`).not.toContain(canary);
});
