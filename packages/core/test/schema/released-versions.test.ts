/**
 * Records of each version of the schema that was ever released. Stores hold such records, so the
 * files are never changed: a new version brings a new file.
 */
import { describe, expect, test } from "vitest";
import { chunkSource } from "../../src/codec/byte-source.ts";
import { toHex } from "../../src/codec/bytes.ts";
import { readLines } from "../../src/codec/ndjson.ts";
import { readProfileLine } from "../../src/schema/profile-line.ts";
import type { UserProfile } from "../../src/schema/user-profile.ts";
import v1Text from "../fixtures/user_profile.v1.ndjson?raw";
import { iterate, toBytes } from "../support/byte-streams.ts";
import { valueAt } from "../support/change.ts";
import { fields } from "./user-profile-fields.ts";

async function readFixture(text: string): Promise<string[]> {
  const lines: string[] = [];
  const source = chunkSource(iterate([toBytes(text)]));
  for await (const batch of readLines(source, { maxTotalBytes: 1_000_000 })) {
    lines.push(...batch.lines.filter((line) => typeof line === "string"));
  }
  return lines;
}

describe("user_profile.v1", () => {
  test("its records are those that were released", async () => {
    const digest = await crypto.subtle.digest("SHA-256", toBytes(v1Text));
    expect(toHex(new Uint8Array(digest))).toBe(
      "b63f16dcfe7151a31c98b7175218a934884a83076ed3178f61a4d63448fef5a0",
    );
  });

  test("each of its records is read, and written byte for byte as it was", async () => {
    const lines = await readFixture(v1Text);
    expect(lines).toHaveLength(6);
    expect(lines.map((line) => readProfileLine(line))).toEqual(
      lines.map((line) => ({ profile: JSON.parse(line) as unknown, line })),
    );
    expect(`${lines.join("\n")}\n`).toBe(v1Text);
  });

  describe("its records cover every option:", () => {
    const personas = v1Text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as UserProfile);

    test.each(fields.filter(({ isRequired }) => !isRequired))(
      "$pointer is there and is missing",
      ({ pointer }) => {
        const isThere = personas.map((persona) => valueAt(persona, pointer) !== undefined);
        expect(new Set(isThere)).toEqual(new Set([true, false]));
      },
    );

    const closedLists = fields.filter(({ refuses }) =>
      refuses.some(([, code]) => code === "enum" || code === "maximum"),
    );

    test.each(closedLists)("$pointer has each of its values", ({ pointer, accepts }) => {
      const used = new Set(personas.flatMap((persona) => valueAt(persona, pointer)));
      for (const value of accepts.flat()) expect(used).toContain(value);
    });
  });
});
