import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BulkKind, type TextHash, bulkKinds } from "../../src/bulk/bulk-format.ts";
import { createBulkReader } from "../../src/bulk/bulk-reader.ts";
import { createBulkWriter } from "../../src/bulk/bulk-writer.ts";
import { StoreError } from "../../src/errors.ts";
import { readChatMetaLine } from "../../src/schema/chat-meta-line.ts";
import { readMessageLine } from "../../src/schema/message-line.ts";
import { readPolicyStateLine } from "../../src/schema/policy-state-line.ts";
import { readProfileLine } from "../../src/schema/profile-line.ts";
import { anyPersona, fullPersona } from "../support/personas.ts";
import { fullChat, fullMessage, fullPolicy } from "../support/records.ts";

function createTextHash(): TextHash {
  const hash = createHash("sha256");
  return {
    update: (text) => void hash.update(text),
    hexDigest: () => hash.digest("hex"),
  };
}

const records = [
  ["profile", JSON.stringify(fullPersona())],
  ["chat_meta", JSON.stringify(fullChat())],
  ["policy_state", JSON.stringify(fullPolicy())],
  ["message", JSON.stringify(fullMessage())],
  ["message", JSON.stringify({ ...fullMessage(), body: 'Zoë \\ "q" \u2028 🙂' })],
] as const;

/** The lines of a file. */
function writeFile(entries: readonly (readonly [BulkKind, string])[]): string[] {
  const writer = createBulkWriter(createTextHash());
  const manifest = writer.manifest({ created_by: "a test" });
  const lines = entries.map(([kind, line]) => writer.record(kind, line));
  return [manifest, ...lines, writer.end()].join("").trimEnd().split("\n");
}

/** What a reader makes of lines. @throws {StoreError} */
function readFile(lines: readonly string[]) {
  const reader = createBulkReader(bulkKinds, createTextHash());
  const read = lines.map((line) => reader.read(line)).filter((line) => line !== null);
  reader.close();
  return read;
}

function refusalOf(lines: readonly string[]): string {
  try {
    readFile(lines);
  } catch (error) {
    if (error instanceof StoreError && error.code === "invalid_manifest") return error.detail;
    throw error;
  }
  return "none";
}

const readersByKind = {
  profile: readProfileLine,
  chat_meta: readChatMetaLine,
  policy_state: readPolicyStateLine,
  message: readMessageLine,
};

describe("a bulk file", () => {
  test("is the documented text", () => {
    const lines = writeFile([["message", '{"a":1}']]);
    const before = lines.slice(0, 2).join("\n");
    const sha256 = createHash("sha256").update(`${before}\n`).digest("hex");
    expect(lines).toEqual([
      '{"record":"manifest","profiles_version":1,"meta_version":1,"created_by":"a test"}',
      '{"record":"message","a":1}',
      `{"record":"end","counts":{"message":1},"sha256":"${sha256}"}`,
    ]);
  });

  test("gives back every record byte for byte as it was stored, with its kind", () => {
    const read = readFile(writeFile(records));
    expect(read).toEqual(records.map(([kind, text]) => ({ kind, text })));
    for (const [kind, text] of records)
      expect(readersByKind[kind](text)).toMatchObject({ line: text });
  });

  test("gives back any personas", () => {
    fc.assert(
      fc.property(fc.array(anyPersona, { maxLength: 4 }), (personas) => {
        const entries = personas.map((persona) => ["profile", JSON.stringify(persona)] as const);
        expect(readFile(writeFile(entries))).toEqual(
          entries.map(([kind, text]) => ({ kind, text })),
        );
      }),
    );
  });

  test("may be empty but for its frame", () => {
    expect(readFile(writeFile([]))).toEqual([]);
  });

  test("may have kinds of its own", () => {
    const writer = createBulkWriter<"thing">(createTextHash());
    const lines = [writer.manifest(), writer.record("thing", '{"a":1}'), writer.end()];
    const reader = createBulkReader(["thing"], createTextHash());
    expect(lines.map((line) => reader.read(line.trimEnd()))).toEqual([
      null,
      { kind: "thing", text: '{"a":1}' },
      null,
    ]);
    reader.close();
    expect(refusalOf(lines.map((line) => line.trimEnd()))).toContain("count of `thing`");
  });
});

describe("a line between the frame's", () => {
  /** What a reader makes of one such line. */
  const readLine = (text: string) => {
    const reader = createBulkReader(bulkKinds, createTextHash());
    reader.read('{"record":"manifest","profiles_version":1,"meta_version":1}');
    return reader.read(text);
  };

  test.each([
    ['{"record":"thing","a":1}'],
    ['{"record":7}'],
    ['{"a":1}'],
    ['{"record":null}'],
    ['{"record":"manifest","profiles_version":1,"meta_version":1}'],
    ['{"record":"constructor"}'],
  ])("of an unknown kind is refused: %s", (text) => {
    expect(readLine(text)).toMatchObject({ violations: [{ path: "/record", errorCode: "enum" }] });
  });

  test("that is no JSON object has no kind, and is refused as any", () => {
    for (const text of ["", "{", "[]", "null", '"profile"', "7"]) {
      const read = readLine(text);
      expect(read).toEqual({ kind: null, text });
      expect(readProfileLine(text)).toHaveProperty("violations");
    }
  });

  test("may have its kind anywhere and be written with spaces", () => {
    const { schema_version, ...rest } = fullMessage();
    const text = JSON.stringify({ schema_version, record: "message", ...rest }, null, 1);
    const read = readLine(text.replaceAll("\n", " "));
    expect(read).toEqual({ kind: "message", text: JSON.stringify({ schema_version, ...rest }) });
  });

  test.each([
    ["a second kind", '{"record":"message","record":"profile"'],
    ["the same kind twice", '{"record":"message","record":"message"'],
    ["a second member before its kind", '{"body":"x","record":"message"'],
    ["a second kind in an escape", String.raw`{"record":"message","rec\u006frd":"message"`],
  ])("has %s, which its reader refuses", (_, start) => {
    const read = readLine(`${start},${JSON.stringify(fullMessage()).slice(1)}`);
    expect(read).toHaveProperty("text");
    const text = read !== null && "text" in read ? read.text : "";
    expect(readMessageLine(text)).toHaveProperty("violations");
    expect(readProfileLine(text)).toHaveProperty("violations");
  });
});

describe("a broken frame refuses the file as a whole:", () => {
  const lines = writeFile(records);
  const end = JSON.parse(lines.at(-1) ?? "") as { counts: object; sha256: string };
  const endWith = (changes: object) =>
    lines.with(-1, JSON.stringify({ record: "end", ...end, ...changes }));

  test.each<[string, readonly string[], string]>([
    ["nothing at all", [], "is missing"],
    ["no manifest", lines.slice(1), "not a manifest"],
    ["a first line that is no JSON", ["{", ...lines.slice(1)], "not a manifest"],
    [
      "another version",
      lines.with(0, '{"record":"manifest","profiles_version":2,"meta_version":1}'),
      "`profiles_version` must be 1",
    ],
    [
      "a version as text",
      lines.with(0, '{"record":"manifest","profiles_version":1,"meta_version":"1"}'),
      "`meta_version` must be 1",
    ],
    ["no end", lines.slice(0, -1), "is missing"],
    ["a line lost", lines.toSpliced(2, 1), "count of `chat_meta`"],
    ["a line doubled", lines.toSpliced(2, 0, lines[2] ?? ""), "count of `chat_meta`"],
    ["a line after the end", [...lines, lines[1] ?? ""], "follows"],
    ["lines in another order", lines.with(4, lines[5] ?? "").with(5, lines[4] ?? ""), "sha256"],
    ["a changed character", lines.with(1, (lines[1] ?? "").replace("Ada", "Ida")), "sha256"],
    ["no counts", endWith({ counts: null }), "no `counts`"],
    [
      "a count of a kind that is not there",
      endWith({ counts: { ...end.counts, thing: 1 } }),
      "count of `thing`",
    ],
    ["a count as text", endWith({ counts: { ...end.counts, message: "2" } }), "count of `message`"],
    ["no checksum", endWith({ sha256: undefined }), "sha256"],
  ])("%s", (_, broken, reason) => {
    expect(refusalOf(broken)).toContain(reason);
  });

  test("a line that can't be read", () => {
    const reader = createBulkReader(bulkKinds, createTextHash());
    expect(() => reader.skip()).toThrow("too long or not UTF-8");
  });

  test("its counts may name a kind that has none, and its checksum may be upper-case", () => {
    const counts = { ...end.counts, thing: 0 };
    expect(refusalOf(endWith({ counts, sha256: end.sha256.toUpperCase() }))).toBe("none");
  });
});
