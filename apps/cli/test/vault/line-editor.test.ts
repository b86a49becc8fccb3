import fc from "fast-check";
import { expect, test } from "vitest";
import { type LineEditor, createLineEditor } from "../../src/vault/line-editor.ts";

function type(editor: LineEditor, text: string) {
  return Array.from(Buffer.from(text), (byte) => editor.type(byte)).at(-1) ?? null;
}

/** The line that typing `text` and Enter makes. */
function lineOf(text: string): string | null {
  const editor = createLineEditor();
  expect(type(editor, `${text}\r`)).toBe("entered");
  const line = editor.take();
  return line && Buffer.from(line).toString();
}

const printable = fc
  .string({ unit: "grapheme", maxLength: 30 })
  .map((text) => text.replace(/\p{Cc}/gu, ""));

test("the line is what was typed, byte for byte", () => {
  fc.assert(
    fc.property(printable, (text) => {
      expect(lineOf(text)).toBe(text);
    }),
  );
});

test("Backspace takes one character, however many bytes it has", () => {
  fc.assert(
    fc.property(printable, fc.nat(40), (text, count) => {
      const left = Array.from(text).slice(0, Math.max(0, Array.from(text).length - count));
      expect(lineOf(text + "\x7f".repeat(count))).toBe(left.join(""));
    }),
  );
});

test("Ctrl-U takes the whole line", () => {
  expect(lineOf("wrong\x15right")).toBe("right");
});

test("keys that send sequences change nothing", () => {
  expect(lineOf("a\x1b[Ab\x1b[1;5Cc\x1bOPd\x1b[200~e\x1b[3~f")).toBe("abcdef");
});

test("a lone Escape takes nothing of what follows", () => {
  expect(lineOf("a\x1bb")).toBe("ab");
});

test("Ctrl-C breaks off; Ctrl-D does on an empty line alone", () => {
  expect(type(createLineEditor(), "abc\x03")).toBe("interrupted");
  expect(type(createLineEditor(), "\x04")).toBe("ended");
  expect(type(createLineEditor(), "abc\x04")).toBeNull();
});

test("a line that is too long is none, and the next one is whole again", () => {
  const editor = createLineEditor();
  expect(type(editor, `${"a".repeat(4097)}\n`)).toBe("entered");
  expect(editor.take()).toBeNull();
  expect(type(editor, "b\n")).toBe("entered");
  expect(editor.take()).toEqual(Uint8Array.of(0x62));
});
