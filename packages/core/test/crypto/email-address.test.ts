import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normaliseEmail } from "../../src/crypto/email-address.ts";

describe("an address", () => {
  test.each([
    ["ada@example.org", "ada@example.org"],
    ["  Ada.Lovelace+Tag@Example.ORG \n", "ada.lovelace+tag@example.org"],
    ["ada@BÜCHER.example", "ada@xn--bcher-kva.example"],
    ["ada@bu\u0308cher.example", "ada@xn--bcher-kva.example"],
    ["ada@faß.example", "ada@xn--fa-hia.example"],
    ["ÄDA@example.org", "ÄDA@example.org"],
    ["δοκιμή@παράδειγμα.gr", "δοκιμή@xn--hxajbheg2az3al.gr"],
    ["o'neill!#$%&*+/=?^_`{|}~-@sub.example.co", "o'neill!#$%&*+/=?^_`{|}~-@sub.example.co"],
  ])("%j is kept as %j", (text, expected) => {
    expect(normaliseEmail(text)).toBe(expected);
  });

  test.each([
    "",
    "@",
    "ada",
    "ada@",
    "@example.org",
    "ada@example",
    "ada@example.org.",
    "ada@.example.org",
    "ada@exa_mple.org",
    "ada@-example.org",
    "ada@example-.org",
    ".ada@example.org",
    "ada.@example.org",
    "a..da@example.org",
    "a da@example.org",
    "ada@exam ple.org",
    '"ada"@example.org',
    "ada@[127.0.0.1]",
    "ada@127.0.0.1",
    "ada@example。org",
    "ada@0x7f.1",
    "ada@example.123",
    "ada@evil.org/@example.org",
    "ada@evil.org:80",
    "ada@evil.org?x",
    "ada@evil.org#x",
    "ada@evil%2eorg",
    "ada@ev\til.org",
    "ada\u0000@example.org",
    "ada\u202e@example.org",
    "ada\u2028@example.org",
    "ada@example.org\u0000x",
    "a\ud800@example.org",
    `${"a".repeat(65)}@example.org`,
    `ada@${"a".repeat(64)}.org`,
    `ada@${"abcdefgh.".repeat(30)}org`,
  ])("%j is none", (text) => {
    expect(normaliseEmail(text)).toBeNull();
  });

  test("is the same after a second time", () => {
    const addresses = fc.oneof(fc.emailAddress(), fc.string({ unit: "binary" }), fc.webUrl());
    const check = () =>
      fc.assert(
        fc.property(addresses, (text) => {
          const once = normaliseEmail(text);
          return once === null || normaliseEmail(once) === once;
        }),
        { numRuns: 500 },
      );
    expect(check).not.toThrow();
  });
});
