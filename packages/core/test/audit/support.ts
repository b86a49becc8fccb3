/** An audit log made by hand: entries a few hours apart, and the checkpoint of each day that ended. */
import {
  type CheckpointContent,
  checkpointKey,
  dayMs,
  dayOf,
  endOfDay,
  signCheckpoint,
} from "../../src/audit/checkpoint.ts";
import {
  type ChainedEntry,
  canonicalDetail,
  chainEntry,
  genesisHash,
} from "../../src/audit/entry.ts";
import type { AuditReport } from "../../src/audit/verify.ts";
import { verifyAudit } from "../../src/audit/verify.ts";
import { toBase64Url } from "../../src/codec/bytes.ts";
import type {
  AuditCheckpoint,
  AuditDetail,
  AuditEntry,
  AuditKey,
} from "../../src/contract/audit.ts";
import { createKeyring } from "../../src/crypto/keyring.ts";

const { subtle } = crypto;
export const environment = "local";

/** Roots of bytes that count up, so that every run signs alike. */
export const keyring = (() => {
  let next = 0;
  return createKeyring((bytes) => {
    for (let index = 0; index < bytes.length; index++) bytes[index] = next++ & 0xff;
  });
})();

export interface MadeLog {
  readonly entries: readonly AuditEntry[];
  readonly checkpoints: readonly AuditCheckpoint[];
  readonly keys: readonly AuditKey[];
}

export interface Said {
  readonly atMs: number;
  readonly action?: AuditEntry["action"];
  readonly subject?: string | null;
  readonly detail?: AuditDetail;
}

export const startMs = Date.UTC(2026, 8, 1, 9);

/** `count` entries, seven hours apart. */
export function everySevenHours(count: number): Said[] {
  return Array.from({ length: count }, (_, index) => ({
    atMs: startMs + index * 7 * 60 * 60 * 1000,
    subject: index % 3 === 0 ? null : `persona:1.${index}`,
    detail: { count: index },
  }));
}

/** Makes the log of what was said, and signs every day that the last of it has ended. */
export async function makeLog(said: readonly Said[]): Promise<MadeLog> {
  const chained: ChainedEntry[] = [];
  for (const { atMs, action = "persona.deleted", subject = null, detail = {} } of said) {
    const before = chained.at(-1);
    const content = { seq: (before?.seq ?? 0) + 1, atMs, actor: "operator", action, subject };
    const entry = { ...content, outcome: "done", detail: canonicalDetail(detail) };
    chained.push(await chainEntry(subtle, entry, before?.hash ?? genesisHash));
  }
  const key = await checkpointKey(subtle, keyring, environment);
  const checkpoints: AuditCheckpoint[] = [];
  const lastMs = said.at(-1)?.atMs ?? 0;
  for (let day = dayOf(said[0]?.atMs ?? 0); endOfDay(day) <= lastMs; day = dayOf(endOfDay(day))) {
    const content = contentOf(day, chained, checkpoints.at(-1));
    checkpoints.push(await signCheckpoint(subtle, key, content));
  }
  const keys = [{ version: 1, public_key: toBase64Url(key.publicKey) }];
  return { entries: chained.map(toWire), checkpoints, keys };
}

function contentOf(
  day: string,
  chained: readonly ChainedEntry[],
  before: AuditCheckpoint | undefined,
): CheckpointContent {
  const last = chained.findLast(({ atMs }) => atMs < endOfDay(day));
  const firstSeq = (before?.last_seq ?? 0) + 1;
  const lastSeq = last?.seq ?? 0;
  return {
    environment,
    day,
    first_seq: firstSeq,
    last_seq: lastSeq,
    count: lastSeq - firstSeq + 1,
    head_hash: last?.hash ?? genesisHash,
    key_version: 1,
  };
}

function toWire(entry: ChainedEntry): AuditEntry {
  const { seq, atMs, actor, action, subject, outcome, detail, previousHash, hash } = entry;
  return {
    seq,
    at: new Date(atMs).toISOString(),
    actor,
    action: action as AuditEntry["action"],
    subject,
    outcome: outcome as AuditEntry["outcome"],
    detail: JSON.parse(detail) as AuditDetail,
    previous_hash: previousHash,
    hash,
  };
}

/** Ties entries anew from `seq` on, as somebody would who can write the whole table. */
export async function rechain(entries: readonly AuditEntry[]): Promise<AuditEntry[]> {
  const chained: AuditEntry[] = [];
  for (const entry of entries) {
    const before = chained.at(-1);
    const { at, detail, previous_hash: previousHash, hash: _, ...rest } = entry;
    const content = { ...rest, atMs: Date.parse(at), detail: canonicalDetail(detail) };
    const renumbered = { ...content, seq: before ? before.seq + 1 : entry.seq };
    chained.push(toWire(await chainEntry(subtle, renumbered, before?.hash ?? previousHash)));
  }
  return chained;
}

/** Verifies a log. */
export function verify({ entries, checkpoints, keys }: MadeLog): Promise<AuditReport> {
  const source = { entries: streamOf(entries), checkpoints: streamOf(checkpoints), keys };
  return verifyAudit(subtle, source);
}

async function* streamOf<Item>(items: readonly Item[]): AsyncGenerator<Item, void> {
  yield* items;
}

export const monthMs = 30 * dayMs;
