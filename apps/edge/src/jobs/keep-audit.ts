/**
 * The hourly care of the audit log: enters what was noted and never entered, signs the days that have
 * ended, and prunes those that are old enough. Doing it again changes nothing; what one run leaves
 * the next does.
 */
import type { AuditDays } from "../services/audit-days.ts";
import { enterAbandoned } from "../services/audit-repair.ts";
import type { AuditLogStore } from "../stores/audit-ports.ts";

export interface AuditKeeper {
  readonly store: AuditLogStore;
  readonly subtle: SubtleCrypto;
  /** Null without the bucket or the keyring: then nothing is signed, so nothing is pruned. */
  readonly days: AuditDays | null;
}

/** Does it, as of `nowMs`. @throws {AuditFault} when the log is damaged: then nothing is signed or pruned */
export async function keepAudit(
  { store, subtle, days }: AuditKeeper,
  nowMs: number,
): Promise<void> {
  await enterAbandoned(store, subtle, nowMs);
  await days?.close(nowMs);
  await days?.prune(nowMs);
}
