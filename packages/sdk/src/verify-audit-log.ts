/** Verifies a store's audit log over its API, page by page. */
import { dayOf } from "@hi-stranger/core/audit/checkpoint";
import { AuditFault } from "@hi-stranger/core/audit/fault";
import { type AuditReport, verifyAudit } from "@hi-stranger/core/audit/verify";
import type { AuditCheckpoint, AuditEntry, AuditKey } from "@hi-stranger/core/contract/audit";
import type { AuditCheckpointPage, AuditClient } from "./audit-client.ts";

const pageSize = 1_000;

export interface VerifyOptions {
  /** The public key to trust; the store's own when null. */
  readonly publicKey: string | null;
  readonly subtle: SubtleCrypto;
  readonly signal: AbortSignal;
  /** How far it is: from 0 to 1, and how many entries were read. */
  readonly onProgress: (fraction: number, count: number) => void;
}

/** Verifies it as it is now. @throws {AuditFault} for the first thing that is wrong */
export async function verifyAuditLog(
  client: AuditClient,
  options: VerifyOptions,
): Promise<AuditReport> {
  const { signal } = options;
  const pages = client.checkpoints({ signal });
  const first = await pages.next();
  const firstPage = first.done === true ? { items: [], keys: [] } : first.value;
  // Asking for the checkpoints was entered, so the last entry is of now, whatever was cut off before.
  const last = await newestOf(client, signal);
  const report = await verifyAudit(options.subtle, {
    entries: entriesUpTo(client, last?.seq ?? 0, options),
    checkpoints: daysBefore(last ? dayOf(Date.parse(last.at)) : "", firstPage, pages),
    keys: trustedKeys(options.publicKey, firstPage.keys),
  });
  if (report.lastSeq !== (last?.seq ?? 0)) {
    const seq = report.lastSeq + 1;
    throw new AuditFault("end_missing", `Entry ${seq} was there a moment ago.`, seq);
  }
  return report;
}

async function newestOf(client: AuditClient, signal: AbortSignal): Promise<AuditEntry | null> {
  for await (const [entry] of client.entries({ limit: 1, order: "newest" }, { signal })) {
    return entry ?? null;
  }
  return null;
}

/** The log's entries but for those that reading it adds. */
async function* entriesUpTo(
  client: AuditClient,
  lastSeq: number,
  { signal, onProgress }: VerifyOptions,
): AsyncGenerator<AuditEntry, void> {
  let count = 0;
  let firstSeq = 1;
  for await (const page of client.entries({ limit: pageSize, order: "oldest" }, { signal })) {
    for (const entry of page) {
      if (count === 0) firstSeq = entry.seq;
      count += 1;
      yield entry;
      if (entry.seq >= lastSeq) return;
    }
    const wanted = lastSeq - firstSeq + 1;
    onProgress(wanted > 0 ? Math.min(1, count / wanted) : 1, count);
  }
}

/** Checkpoints of days that had ended when the last entry was made: of later ones, it isn't known yet. */
async function* daysBefore(
  day: string,
  firstPage: AuditCheckpointPage,
  rest: AsyncGenerator<AuditCheckpointPage, void>,
): AsyncGenerator<AuditCheckpoint, void> {
  for (const item of firstPage.items) if (item.day < day) yield item;
  for await (const { items } of rest) {
    for (const item of items) if (item.day < day) yield item;
  }
}

/** One key stands for every version, when it is known which: signatures by another are invalid then. */
function trustedKeys(publicKey: string | null, keys: readonly AuditKey[]): readonly AuditKey[] {
  if (publicKey === null) return keys;
  return keys.map(({ version }) => ({ version, public_key: publicKey }));
}
