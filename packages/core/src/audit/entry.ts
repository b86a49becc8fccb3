/**
 * An entry of the audit log, and the hash that ties it to the one before (`docs/audit.md`).
 *
 *     hash = SHA-256(LP("hs/audit-entry/v1", seq, at, actor, action, subject, outcome, detail, previous hash))
 *
 * `seq` and `at` (epoch milliseconds) are decimal digits, a subject that there isn't is a part of no
 * bytes, `detail` is {@link canonicalDetail}, and the previous hash is 32 bytes: zeros for the first
 * entry. Every entry so vouches for all before it; which entry is the last, a checkpoint says.
 */
import { toHex } from "../codec/bytes.ts";
import type { AuditDetail } from "../contract/audit.ts";
import { keyLabels } from "../crypto/labels.ts";
import { lengthPrefixed } from "../crypto/length-prefix.ts";

const hashByteLength = 32;

/** The hash, in hex, that the first entry follows. */
export const genesisHash = "00".repeat(hashByteLength);

/** What an entry says. */
export interface EntryContent {
  /** 1 for the first entry, and one more for each after it. */
  readonly seq: number;
  /** When it was entered, in epoch milliseconds; never before the entry that it follows. */
  readonly atMs: number;
  readonly actor: string;
  readonly action: string;
  readonly subject: string | null;
  readonly outcome: string;
  /** {@link canonicalDetail}. */
  readonly detail: string;
}

/** An entry in its place: hashes are 64 lower-case hexadecimal digits. */
export interface ChainedEntry extends EntryContent {
  readonly previousHash: string;
  readonly hash: string;
}

/** The one spelling of a detail: JSON without spaces, members in the order of their names. */
export function canonicalDetail(detail: AuditDetail): string {
  // Names are ASCII, so the order of UTF-16 units is that of RFC 8785.
  const members = Object.entries(detail).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(members));
}

/** The hash of an entry that follows the one of `previousHash`. @throws {RangeError} for a hash that is none. */
export async function hashOfEntry(
  subtle: SubtleCrypto,
  entry: EntryContent,
  previousHash: string,
): Promise<string> {
  const bytes = lengthPrefixed(
    keyLabels.auditEntry,
    `${entry.seq}`,
    `${entry.atMs}`,
    entry.actor,
    entry.action,
    entry.subject ?? "",
    entry.outcome,
    entry.detail,
    hashToBytes(previousHash),
  );
  return toHex(new Uint8Array(await subtle.digest("SHA-256", bytes)));
}

/** Puts an entry after the one of `previousHash`. */
export async function chainEntry(
  subtle: SubtleCrypto,
  content: EntryContent,
  previousHash: string,
): Promise<ChainedEntry> {
  return { ...content, previousHash, hash: await hashOfEntry(subtle, content, previousHash) };
}

/** Whether `text` is 64 lower-case hexadecimal digits. */
export function isHash(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/** The 32 bytes of a hash in hex. @throws {RangeError} */
export function hashToBytes(hash: string): Uint8Array<ArrayBuffer> {
  if (!isHash(hash)) throw new RangeError("a hash has 64 hexadecimal digits");
  return Uint8Array.from({ length: hashByteLength }, (_, index) =>
    Number.parseInt(hash.slice(2 * index, 2 * index + 2), 16),
  );
}
