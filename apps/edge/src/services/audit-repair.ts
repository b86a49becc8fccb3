/**
 * Enters what was noted and never entered, because whoever noted it was killed or couldn't reach the
 * log. An act that never said how it ended is entered as `unknown`, with the time it began. Should it
 * say so later still, there are two entries of it.
 */
import { canonicalDetail } from "@hi-stranger/core/audit/entry";
import type { AuditDetail } from "@hi-stranger/core/contract/audit";
import type { AuditLogStore, AuditStatement, PendingStatement } from "../stores/audit-ports.ts";
import { chainStatements } from "./audit-writer.ts";

/** After so long no request goes on any more. */
export const abandonedAfterMs = 60 * 60 * 1000;
const maxBatch = 100;
/** Batches of one run; the next run goes on. */
const maxBatches = 50;

/** Enters the statements that were noted an hour before `nowMs` or earlier. Gives how many. */
export async function enterAbandoned(
  store: AuditLogStore,
  subtle: SubtleCrypto,
  nowMs: number,
): Promise<number> {
  let enteredCount = 0;
  for (let batch = 0; batch < maxBatches; batch++) {
    // The end first: had another run entered the statements since, the log wouldn't end there any more.
    const head = await store.head();
    const pending = await store.listPending(nowMs - abandonedAfterMs, maxBatch);
    if (pending.length === 0) break;
    const entries = await chainStatements(subtle, head, pending.map(toStatement), nowMs);
    const ids = pending.map(({ pendingId }) => pendingId);
    const { isExtended } = await store.extend(head, entries, ids);
    if (isExtended) enteredCount += pending.length;
  }
  return enteredCount;
}

function toStatement(pending: PendingStatement): AuditStatement {
  const { actor, action, subject, outcome, notedAtMs } = pending;
  if (outcome !== null) return { ...pending, outcome };
  const detail = { ...(JSON.parse(pending.detail) as AuditDetail), begun_at_ms: notedAtMs };
  return { actor, action, subject, outcome: "unknown", detail: canonicalDetail(detail) };
}
