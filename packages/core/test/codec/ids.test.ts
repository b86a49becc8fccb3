import { describe, expect, test } from "vitest";
import { type FillRandom, createIdSource, isId, platformRandom } from "../../src/codec/ids.ts";

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const fillWith =
  (byte: number): FillRandom =>
  (bytes) => {
    bytes.fill(byte);
  };

/** The 128 bits of an id, read by plain arithmetic. */
function numberOf(id: string): bigint {
  let number = 0n;
  for (const character of id.slice(4)) number = number * 32n + BigInt(alphabet.indexOf(character));
  return number;
}

const msOf = (id: string) => Number(numberOf(id) >> 80n);

/** A clock that shows each of `times` once, and stays at the last. */
function clockOf(...times: number[]) {
  return { now: () => (times.length > 1 ? times.shift() : times[0]) ?? 0 };
}

describe("createIdSource", () => {
  test("makes the prefix and 26 characters of Crockford's alphabet", () => {
    const nextId = createIdSource({ now: () => Date.UTC(2026, 10, 21) });
    for (const prefix of ["usr", "imp", "tok"] as const) {
      const id = nextId(prefix);
      expect(id).toMatch(/^[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}$/);
      expect(id.startsWith(`${prefix}_`)).toBe(true);
      expect(isId(prefix, id)).toBe(true);
    }
  });

  test("makes ids that imports accept as they are", () => {
    expect(createIdSource({ now: () => 0 })("usr")).toMatch(/^usr_[a-z0-9]{6,}$/);
  });

  test("puts the milliseconds first, then the random bits", () => {
    const id = createIdSource({ now: () => 0x0123_4567_89ab }, fillWith(0x5a))("usr");
    expect(numberOf(id)).toBe(0x0123456789ab_5a5a5a5a5a5a5a5a5a5an);
    expect(msOf(id)).toBe(0x0123_4567_89ab);
  });

  test("holds times from the epoch to the year 10889", () => {
    for (const ms of [0, 1, 2 ** 32, 2 ** 48 - 1]) {
      expect(msOf(createIdSource({ now: () => ms }, fillWith(0))("usr"))).toBe(ms);
    }
  });

  test("makes ids that sort by time, as text too", () => {
    const times = [0, 1, 31, 32, 1000, 2 ** 31, 2 ** 32, 2 ** 40, 2 ** 48 - 1];
    const nextId = createIdSource(clockOf(...times));
    const ids = times.map(() => nextId("usr"));
    expect(ids.toSorted()).toEqual(ids);
    expect(ids.map(msOf)).toEqual(times);
  });

  test("counts up within one millisecond, across every carry", () => {
    const nextId = createIdSource({ now: () => 1_700_000_000_000 }, fillWith(0xff));
    const ids = Array.from({ length: 70_000 }, () => nextId("usr"));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? ""))).toBe(true);
    const [first = "", last = ""] = [ids[0], ids.at(-1)];
    expect(numberOf(last) - numberOf(first)).toBe(69_999n);
  });

  test("starts with room to count: random bits of all ones don't carry into the time", () => {
    const nextId = createIdSource({ now: () => 42 }, fillWith(0xff));
    expect([nextId("usr"), nextId("usr"), nextId("usr")].map(msOf)).toEqual([42, 42, 42]);
  });

  test("goes on counting when the clock goes back, and follows it when it catches up", () => {
    const nextId = createIdSource(clockOf(1000, 999, 5, 1000, 1001), fillWith(7));
    const ids = Array.from({ length: 5 }, () => nextId("usr"));
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(5);
    expect(ids.map(msOf)).toEqual([1000, 1000, 1000, 1000, 1001]);
  });

  test("shares one count among its prefixes, so no two ids have the same tail", () => {
    const nextId = createIdSource({ now: () => 5 });
    const tails = (["usr", "imp", "usr", "tok"] as const).map((prefix) => nextId(prefix).slice(4));
    expect(new Set(tails).size).toBe(4);
  });

  test("draws fresh random bits for each millisecond, and for each source", () => {
    const rests = [clockOf(1, 2), clockOf(1, 2)].flatMap((clock) => {
      const nextId = createIdSource(clock);
      return [nextId("usr"), nextId("usr")].map((id) => numberOf(id) & ((1n << 79n) - 1n));
    });
    expect(new Set(rests).size).toBe(4);
  });
});

test("platformRandom fills all bytes it is given", () => {
  const seen = new Uint8Array(16);
  // A byte stays zero in one fill of 256; in forty fills, with a chance of 2^-320.
  for (let count = 0; count < 40; count++) {
    const bytes = new Uint8Array(16);
    platformRandom(bytes);
    bytes.forEach((byte, index) => (seen[index] = (seen[index] ?? 0) | byte));
  }
  expect(seen.every((byte) => byte !== 0)).toBe(true);
});

describe("isId", () => {
  const tail = "0123456789abcdefghjkmnpqrs";

  test("accepts the first and the last id there is", () => {
    expect(isId("usr", `usr_${"0".repeat(26)}`)).toBe(true);
    expect(isId("usr", `usr_7${"z".repeat(25)}`)).toBe(true);
    expect(isId("usr", `usr_${tail}`)).toBe(true);
  });

  test.each([
    ["another prefix", `imp_${tail}`],
    ["no prefix", tail],
    ["no underscore", `usr${tail}0`],
    ["one character less", `usr_${tail.slice(1)}`],
    ["one character more", `usr_${tail}0`],
    ["upper case", `usr_${tail.toUpperCase()}`],
    ["the letter i", `usr_${tail.slice(1)}i`],
    ["the letter l", `usr_${tail.slice(1)}l`],
    ["the letter o", `usr_${tail.slice(1)}o`],
    ["the letter u", `usr_${tail.slice(1)}u`],
    ["more than 128 bits", `usr_8${"0".repeat(25)}`],
    ["a newline at the end", `usr_${tail}\n`],
    ["a space before", ` usr_${tail}`],
    ["an imported id", "usr_abcdef"],
    ["nothing", ""],
  ])("refuses %s", (_, text) => {
    expect(isId("usr", text)).toBe(false);
  });
});
