/** The lines of an import: one persona each, or a bulk file with records of several kinds. */
import { createHash } from "node:crypto";
import { type TextHash, bulkKinds } from "@hi-stranger/core/bulk/bulk-format";
import { createBulkReader } from "@hi-stranger/core/bulk/bulk-reader";
import { type ProfileLine, readProfileLine } from "@hi-stranger/core/schema/profile-line";

/** Reads the lines of a file, in order. */
export interface LineReader {
  /**
   * What a line holds; null when it is part of the frame. Unless `isExplained`, a refused line has
   * one reason without details, which costs a hundredth. @throws {StoreError}
   */
  read(text: string, isExplained: boolean): ProfileLine | null;
  /** Takes note of a line without text. @throws {StoreError} */
  skip(): void;
  /** Call after the last line. @throws {StoreError} */
  close(): void;
}

/** Lines that each hold a persona. */
export const profileLines: LineReader = {
  read: readProfileLine,
  skip: () => undefined,
  close: () => undefined,
};

/** Lines of a bulk file, of whose kinds this store keeps personas alone. */
export function createBulkLines(): LineReader {
  const reader = createBulkReader(bulkKinds, createTextHash());
  return {
    read(text, isExplained) {
      const read = reader.read(text);
      if (read === null || "violations" in read) return read;
      if (read.kind !== null && read.kind !== "profile") return unsupported;
      return readProfileLine(read.text, isExplained);
    },
    skip: () => reader.skip(),
    close: () => reader.close(),
  };
}

const unsupported: ProfileLine = {
  violations: [
    {
      path: "/record",
      errorCode: "unsupported_record",
      message: "is of a kind that this store can't keep yet",
    },
  ],
};

function createTextHash(): TextHash {
  const hash = createHash("sha256");
  return {
    update(text) {
      hash.update(text);
    },
    hexDigest: () => hash.digest("hex"),
  };
}
