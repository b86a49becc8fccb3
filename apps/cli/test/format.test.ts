import { describe, expect, test } from "vitest";
import {
  displayWidth,
  formatBytes,
  formatCountOf,
  formatDuration,
  formatRate,
  formatTable,
  withoutControls,
} from "../src/format.ts";

describe("numbers for people", () => {
  test.each([
    [0, "0 B"],
    [999, "999 B"],
    [1_000, "1.0 kB"],
    [99_960, "100 kB"],
    [999_600, "1.0 MB"],
    [122_923_600, "123 MB"],
    [7_800_000_000, "7.8 GB"],
  ])("%i bytes are %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  test.each([
    [0, "0.0 s"],
    [9_949, "9.9 s"],
    [9_950, "10 s"],
    [59_499, "59 s"],
    [59_500, "1 min 00 s"],
    [185_000, "3 min 05 s"],
    [7_800_000, "2 h 10 min"],
  ])("%i ms are %s", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test("a rate has three digits, and is not told of what took no time", () => {
    expect(formatRate(100_000, 4_321)).toBe("23,100");
    expect(formatRate(100_000, 2_000)).toBe("50,000");
    expect(formatRate(4, 1_999)).toBeNull();
    expect(formatRate(0, 0)).toBeNull();
  });

  test("one is not many", () => {
    expect([0, 1, 1_200].map((count) => formatCountOf(count, "persona"))).toEqual([
      "0 personas",
      "1 persona",
      "1,200 personas",
    ]);
  });
});

describe("a table", () => {
  test("has its columns in line, by what a terminal shows", () => {
    const rows = [
      ["a", "café", "x"],
      ["bb", "日本", "y"],
      ["c", "🐈‍⬛", "z"],
    ];
    expect(formatTable(["ID", "NAME", "LAST"], rows).split("\n")).toEqual([
      "ID  NAME  LAST",
      "a   café  x",
      "bb  日本  y",
      "c   🐈‍⬛    z",
    ]);
    expect(["e\u0301", "👩‍👩‍👧", "ﾊ"].map(displayWidth)).toEqual([1, 2, 1]);
  });

  test("shows names that would take over the terminal as what they are", () => {
    expect(withoutControls("a\u001b[2Jb\u0007\u202ec\u009bd")).toBe("a�[2Jb��c�d");
    expect(withoutControls("🐈‍⬛ naïve")).toBe("🐈‍⬛ naïve");
  });
});
