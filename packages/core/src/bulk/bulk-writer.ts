/** Writes the lines of a bulk file (bulk-format.ts), each with its LF. */
import { type BulkKind, type TextHash, bulkVersion } from "./bulk-format.ts";

export interface BulkWriter<Kind extends string> {
  /** The first line. `members` say more of the file; nobody has to understand them. */
  manifest(members?: Readonly<Record<string, string | number>>): string;
  /** One record; `line` is its compact JSON text, as stores keep it. */
  record(kind: Kind, line: string): string;
  /** The last line. */
  end(): string;
}

/** `hash` is a new one. Call the members in the order of the file. */
export function createBulkWriter<Kind extends string = BulkKind>(hash: TextHash): BulkWriter<Kind> {
  const counts = new Map<Kind, number>();
  const hashed = (line: string): string => {
    hash.update(line);
    return line;
  };
  return {
    manifest(members = {}) {
      const versions = { profiles_version: bulkVersion, meta_version: bulkVersion };
      return hashed(`${JSON.stringify({ record: "manifest", ...versions, ...members })}\n`);
    },
    record(kind, line) {
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      return hashed(`{"record":${JSON.stringify(kind)},${line.slice(1)}\n`);
    },
    end() {
      const sha256 = hash.hexDigest();
      return `${JSON.stringify({ record: "end", counts: Object.fromEntries(counts), sha256 })}\n`;
    },
  };
}
