import { inspect } from "node:util";
import { expect, test } from "vitest";
import { Redacted } from "../../src/crypto/redacted.ts";

test("inspection, to any depth, doesn't show a secret", () => {
  const deep = { a: [{ secret: new Redacted({ key: "the-canary-secret" }) }] };
  expect(inspect(deep, { depth: Infinity, showHidden: true })).not.toContain("canary");
});
