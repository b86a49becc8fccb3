import fc from "fast-check";
import Value from "typebox/value";
import { describe, expect, test } from "vitest";
import { contract } from "../../src/contract/contract.ts";
import {
  errorsOfRepeat,
  headersOf,
  shownOnce,
  tellRepeat,
  toIdempotencyKey,
} from "../../src/contract/idempotency.ts";
import { errorsOf, toOpenApi } from "../../src/contract/openapi.ts";
import type { Route } from "../../src/contract/route.ts";

const routes: readonly Route[] = contract;
const unsafeRoutes = routes.filter(({ method }) => method !== "GET");
const header = "Idempotency-Key";

/** What a key may hold, told without a regular expression. */
function isKeyText(text: string, mayHaveSpaces: boolean): boolean {
  if (text.length === 0 || text.length > 256) return false;
  return Array.from(text).every((character) => {
    if (character === '"' || character === "\\") return false;
    if (character === " ") return mayHaveSpaces;
    return character > " " && character <= "~";
  });
}

function isHeader(text: string): boolean {
  if (!text.startsWith('"')) return isKeyText(text, false);
  return text.length > 2 && text.endsWith('"') && isKeyText(text.slice(1, -1), true);
}

describe("what a route says of repeats", () => {
  test.each(unsafeRoutes.map((route) => [route.id, route] as const))("%s", (_, route) => {
    expect(route.repeat).toBeDefined();
    expect(Object.keys(headersOf(route)?.properties ?? {})).toContain(header);
    expect(errorsOf(route)).toContain("invalid_header");
    const needsKey = typeof route.repeat === "object" || route.repeat?.startsWith("by_key");
    expect(errorsOfRepeat(route).includes("idempotency_key_reused")).toBe(needsKey);
    expect(tellRepeat(route)).toMatch(/^(?:A repeat|With) .*\.$/);
    const operation = JSON.stringify(toOpenApi([route]));
    expect(operation).toContain(header);
    expect(operation).toContain(JSON.stringify(tellRepeat(route)).slice(1, -1));
  });

  test("reads say nothing and take no key", () => {
    for (const route of routes.filter(({ method }) => method === "GET")) {
      expect(route.repeat).toBeUndefined();
      expect(tellRepeat(route)).toBeUndefined();
      expect(Object.keys(headersOf(route)?.properties ?? {})).not.toContain(header);
    }
  });

  test("an answer that is shown once names a member that it has, in JSON bodies alone", () => {
    const keyed = unsafeRoutes.filter((route) => route.repeat === "by_key" || shownOnce(route));
    expect(keyed.map(({ id }) => id)).toEqual([
      "saveOwnProfile",
      "createToken",
      "startKeyRotation",
    ]);
    for (const { repeat, body, answers } of keyed) {
      expect(body?.schema).toBeDefined();
      if (typeof repeat !== "object") continue;
      for (const { schema } of Object.values(answers)) {
        expect(schema).toMatchObject({ properties: { [repeat.idMember]: { type: "string" } } });
      }
    }
  });
});

describe("the header", () => {
  const isTaken = (text: string) =>
    Value.Check(headersOf({ ...routes[0], method: "POST" } as Route) ?? {}, { [header]: text });
  const character = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.integer({ min: 0x20, max: 0x7e }).map((c) => String.fromCharCode(c)),
    },
    fc.constantFrom('"', "\\", "\t", "\n", "\u007f", "é", "😀"),
  );
  const text = fc.string({ unit: character, maxLength: 260, size: "max" });

  test("is a quoted string or a bare token of 1 to 256 characters, and nothing else", () => {
    const outcomes = new Set<boolean>();
    fc.assert(
      fc.property(text, fc.constantFrom("", '"'), (inner, quote) => {
        const value = quote + inner + quote;
        outcomes.add(isHeader(value));
        expect(isTaken(value)).toBe(isHeader(value));
      }),
      {
        numRuns: 2_000,
        examples: [
          ["k", ""],
          ["two words", '"'],
          ["two words", ""],
          ["", '"'],
        ],
      },
    );
    expect(outcomes.size).toBe(2);
  });

  test("names the same key quoted and bare", () => {
    const bare = fc.string({
      unit: character.filter((each) => isKeyText(each, false)),
      minLength: 1,
      maxLength: 256,
    });
    fc.assert(
      fc.property(bare, (key) => {
        expect([isTaken(key), isTaken(`"${key}"`)]).toEqual([true, true]);
        expect(toIdempotencyKey(key)).toBe(key);
        expect(toIdempotencyKey(`"${key}"`)).toBe(key);
      }),
    );
  });
});
