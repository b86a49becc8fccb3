/**
 * One line as it is typed into a terminal in raw mode, as bytes that can be wiped: no string ever
 * holds what is typed.
 *
 * Enter ends it; Backspace takes the last character, Ctrl-U all of them; Ctrl-C breaks off, and so does
 * Ctrl-D on an empty line. Arrows and other keys that send sequences do nothing.
 */
import { copySecret, wipe } from "@hi-stranger/vault/secret-bytes";

export type TypedLine =
  /** Enter: the line is in {@link LineEditor.take}. */
  "entered" | "interrupted" | "ended";

export interface LineEditor {
  /** Takes a byte; answers what came of the line, or null while it goes on. */
  type(byte: number): TypedLine | null;
  /** The line, which the caller wipes; null when it was too long. The editor is empty again. */
  take(): Uint8Array<ArrayBuffer> | null;
  wipe(): void;
}

/** Longest line that is kept, in bytes: longer than any secret may be. */
const maxLineBytes = 4096;

const enter = new Set([0x0a, 0x0d]);
const erase = new Set([0x08, 0x7f]);
const ctrlC = 0x03;
const ctrlD = 0x04;
const tab = 0x09;
const ctrlU = 0x15;
const escape = 0x1b;
const space = 0x20;
const openBracket = 0x5b;
const capitalO = 0x4f;

export function createLineEditor(): LineEditor {
  const line = new Uint8Array(maxLineBytes);
  let length = 0;
  let isTooLong = false;
  /** Where a key's sequence stands: after ESC, after `ESC [`, or after `ESC O`. */
  let sequence: "escape" | "control" | "single" | null = null;

  const eraseCharacter = (): void => {
    // A character is its lead byte and the continuation bytes (10xxxxxx) behind it.
    while (length > 0 && ((line[length - 1] ?? 0) & 0xc0) === 0x80) line[--length] = 0;
    if (length > 0) line[--length] = 0;
  };
  const clear = (): void => {
    wipe(line);
    length = 0;
    isTooLong = false;
  };
  /** Whether `byte` belongs to a key's sequence. */
  const isOfSequence = (byte: number): boolean => {
    if (sequence === "escape") {
      sequence = byte === openBracket ? "control" : byte === capitalO ? "single" : null;
      return sequence !== null;
    }
    if (sequence === "single") {
      sequence = null;
      return true;
    }
    if (sequence !== "control") return false;
    // ECMA-48: parameters and intermediates, then one final byte; anything else breaks it off.
    const isWithin = byte >= space && byte < 0x40;
    if (!isWithin) sequence = null;
    return isWithin || (byte >= 0x40 && byte <= 0x7e);
  };

  return {
    type(byte) {
      if (isOfSequence(byte)) return null;
      if (enter.has(byte)) return "entered";
      if (byte === ctrlC) return "interrupted";
      if (byte === ctrlD) return length === 0 ? "ended" : null;
      if (byte === escape) sequence = "escape";
      else if (erase.has(byte)) eraseCharacter();
      else if (byte === ctrlU) clear();
      else if (byte >= space || byte === tab) {
        if (length < maxLineBytes) line[length++] = byte;
        else isTooLong = true;
      }
      return null;
    },
    take() {
      const taken = isTooLong ? null : copySecret(line, length);
      clear();
      return taken;
    },
    wipe: clear,
  };
}
