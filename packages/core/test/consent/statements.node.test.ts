import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import {
  consentLocales,
  consentStatement,
  consentVersion,
  requiredPurposes,
} from "../../src/consent/statements.ts";

const statements = consentLocales.flatMap((locale) =>
  requiredPurposes.map((purpose) => consentStatement(purpose, locale)),
);

test("the texts that people agreed to are those of their version, to the letter", () => {
  const digest = createHash("sha256").update(statements.join("\n")).digest("hex");
  expect({ version: consentVersion, digest }).toEqual({
    version: "2026-11",
    digest: "abbc258fe7b4c6bdee8b43e499d050271001a0c77c6bcdb958861713c7a00d01",
  });
});

test("every language asks for every purpose in its own words", () => {
  expect(new Set(statements).size).toBe(consentLocales.length * requiredPurposes.length);
});
