/** Reads the lines of a bulk file (bulk-format.ts) and checks its frame. */
import { hasDuplicateKey } from "../codec/json-text.ts";
import type { RefusedLine } from "../schema/record-line.ts";
import { type BulkKind, type TextHash, bulkVersion, frameError } from "./bulk-format.ts";

/** A line that stands for a record. */
export interface BulkRecord<Kind extends string> {
  /** Null when the line is no JSON object, so that whoever reads `text` as any kind refuses it. */
  readonly kind: Kind | null;
  /** The record's JSON text, without the member `record`: what the kind's reader of lines takes. */
  readonly text: string;
}

export interface BulkReader<Kind extends string> {
  /**
   * What a line without its ending holds; null when it is part of the frame. A line of an unknown
   * kind is refused, and the file goes on. Blank lines are left out by the caller.
   *
   * @throws {StoreError} `invalid_manifest`, and then the file is refused as a whole.
   */
  read(text: string): BulkRecord<Kind> | RefusedLine | null;
  /** Takes note of a line whose text can't be read. @throws {StoreError} `invalid_manifest` */
  skip(): never;
  /** Call after the last line. @throws {StoreError} `invalid_manifest` when the end is missing. */
  close(): void;
}

type Members = Readonly<Record<string, unknown>>;

/** Makes a reader of files that hold `kinds`; `hash` is a new one. */
export function createBulkReader<Kind extends string = BulkKind>(
  kinds: readonly Kind[],
  hash: TextHash,
): BulkReader<Kind> {
  const counts = new Map<string, number>();
  let state: "start" | "records" | "end" = "start";
  const addToHash = (text: string): void => {
    hash.update(text);
    hash.update("\n");
  };

  const readRecord = (text: string, members: Members): BulkRecord<Kind> | RefusedLine => {
    const kind = kinds.find((known) => known === members["record"]);
    if (kind === undefined) return unknownKind(kinds);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return { kind, text: withoutKind(text, kind, members) };
  };

  return {
    read(text) {
      if (state === "end") throw frameError('a line follows the one with `"record":"end"`');
      const members = parseObject(text);
      if (state === "start") {
        if (members?.["record"] !== "manifest") {
          throw frameError("the first line is not a manifest");
        }
        checkManifest(members);
        state = "records";
        addToHash(text);
        return null;
      }
      if (members?.["record"] === "end") {
        checkEnd(members, kinds, counts, hash.hexDigest());
        state = "end";
        return null;
      }
      addToHash(text);
      return members ? readRecord(text, members) : { kind: null, text };
    },

    skip() {
      throw frameError("a line is too long or not UTF-8");
    },

    close() {
      if (state !== "end") throw frameError('the line with `"record":"end"` is missing');
    },
  };
}

/** The text of a record whose line has `members`, without its first one if that is `record`. */
function withoutKind(text: string, kind: string, members: Members): string {
  const prefix = `{"record":"${kind}",`;
  if (text.startsWith(prefix)) return `{${text.slice(prefix.length)}`;
  // Written anew, the text would hide a second member of one name; left as it is, its reader finds it.
  if (hasDuplicateKey(text)) return text;
  const { record: _, ...rest } = members;
  return JSON.stringify(rest);
}

function unknownKind(kinds: readonly string[]): RefusedLine {
  const message = `must be one of manifest, end, ${kinds.join(", ")}`;
  return { violations: [{ path: "/record", errorCode: "enum", message }] };
}

function checkManifest(members: Members): void {
  for (const name of ["profiles_version", "meta_version"]) {
    if (members[name] !== bulkVersion) {
      throw frameError(`the manifest's \`${name}\` must be ${bulkVersion}`);
    }
  }
}

function checkEnd(
  members: Members,
  kinds: readonly string[],
  counts: ReadonlyMap<string, number>,
  sha256: string,
): void {
  const told = members["counts"];
  if (typeof told !== "object" || told === null) throw frameError("the end line has no `counts`");
  const toldCounts = new Map<string, unknown>(Object.entries(told));
  for (const kind of new Set([...kinds, ...toldCounts.keys()])) {
    if ((toldCounts.get(kind) ?? 0) !== (counts.get(kind) ?? 0)) {
      throw frameError(`the end line's count of \`${kind}\` is not what arrived`);
    }
  }
  if (String(members["sha256"]).toLowerCase() !== sha256) {
    throw frameError("the end line's `sha256` is not that of the lines before it");
  }
}

function parseObject(text: string): Members | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Members) : null;
  } catch {
    // No JSON text, as the reader of lines will say.
    return null;
  }
}
