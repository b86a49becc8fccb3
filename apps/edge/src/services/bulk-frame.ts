/**
 * The frame of a bulk file: a manifest first, records of several kinds, an end that counts them.
 *
 * A file without a whole frame is refused as a whole, because it was cut or damaged on the way.
 */
import { createHash } from "node:crypto";
import { hasDuplicateKey } from "@hi-stranger/core/codec/json-text";
import { type ProfileLine, readProfileLine } from "@hi-stranger/core/schema/profile-line";
import { StoreError } from "@hi-stranger/core/errors";

/** The version of `profiles_version` and of `meta_version` that is read. */
const supportedVersion = 1;
const profilePrefix = '{"record":"profile",';
const recordKinds = ["profile", "chat_meta", "policy_state", "message"];

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

export function createBulkReader(): LineReader {
  const hash = createHash("sha256");
  const counts: Record<string, number> = {};
  let state: "start" | "records" | "end" = "start";

  function readRecord(
    text: string,
    record: Record<string, unknown>,
    isExplained: boolean,
  ): ProfileLine {
    const kind = String(record["record"]);
    if (!recordKinds.includes(kind)) {
      return refuse("enum", `must be one of manifest, end, ${recordKinds.join(", ")}`);
    }
    counts[kind] = (counts[kind] ?? 0) + 1;
    if (kind !== "profile") {
      return refuse("unsupported_record", "is of a kind that this store can't keep yet");
    }
    if (text.startsWith(profilePrefix))
      return readProfileLine(`{${text.slice(profilePrefix.length)}`, isExplained);
    const { record: _, ...profile } = record;
    if (hasDuplicateKey(text)) return readProfileLine(text, isExplained);
    return readProfileLine(JSON.stringify(profile), isExplained);
  }

  function readFrame(text: string, record: Record<string, unknown>): null {
    if (state === "start") {
      checkManifest(record);
      state = "records";
    } else {
      checkEnd(record, counts, hash.digest("hex"));
      state = "end";
      return null;
    }
    hash.update(text).update("\n");
    return null;
  }

  return {
    read(text, isExplained) {
      if (state === "end") throw invalid('a line follows the one with `"record":"end"`');
      const record = parseRecord(text);
      if (state === "start") {
        if (record?.["record"] !== "manifest") throw invalid("the first line is not a manifest");
        return readFrame(text, record);
      }
      if (record?.["record"] === "end") return readFrame(text, record);
      hash.update(text).update("\n");
      return record ? readRecord(text, record, isExplained) : readProfileLine(text, isExplained);
    },
    skip() {
      throw invalid("a line is too long or not UTF-8");
    },
    close() {
      if (state !== "end") throw invalid('the line with `"record":"end"` is missing');
    },
  };
}

function checkManifest(record: Record<string, unknown>): void {
  for (const name of ["profiles_version", "meta_version"]) {
    if (record[name] !== supportedVersion) {
      throw invalid(`the manifest's \`${name}\` must be ${supportedVersion}`);
    }
  }
}

function checkEnd(
  record: Record<string, unknown>,
  counts: Readonly<Record<string, number>>,
  sha256: string,
): void {
  const told = record["counts"];
  if (typeof told !== "object" || told === null) throw invalid("the end line has no `counts`");
  const toldCounts = told as Record<string, unknown>;
  for (const kind of new Set([...recordKinds, ...Object.keys(toldCounts)])) {
    if ((toldCounts[kind] ?? 0) !== (counts[kind] ?? 0)) {
      throw invalid(`the end line's count of \`${kind}\` is not what arrived`);
    }
  }
  if (String(record["sha256"]).toLowerCase() !== sha256) {
    throw invalid("the end line's `sha256` is not that of the lines before it");
  }
}

function parseRecord(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
    return isRecord ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function invalid(what: string): StoreError {
  return new StoreError("invalid_manifest", `Nothing is stored: ${what}.`);
}

function refuse(errorCode: string, message: string): ProfileLine {
  return { violations: [{ path: "/record", errorCode, message }] };
}
