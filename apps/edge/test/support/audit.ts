/** Audit logs for tests, over the real database: each stands for an isolate of its own. */
import type { ChainedEntry } from "@hi-stranger/core/audit/entry";
import type { Clock } from "@hi-stranger/core/clock";
import { createIdSource } from "@hi-stranger/core/codec/ids";
import { createAudit } from "../../src/app-audit.ts";
import type { AuditEvent, AuditLog } from "../../src/services/audit.ts";
import { env } from "./env.ts";

/** A log of an isolate that just started. */
export function openAudit(clock: Clock): AuditLog {
  return createAudit(env.DB, env, { clock, newId: createIdSource(clock) });
}

/** Something to enter, told apart from others by its count. */
export function eventOf(count: number): AuditEvent {
  return {
    actor: { kind: "person", personId: `psn_${count}` },
    action: "persona.deleted",
    subject: { kind: "persona", id: `usr_${count}` },
    outcome: "done",
    detail: { count },
  };
}

/** Every row of the log as it stands in the database. */
export async function readLog(): Promise<ChainedEntry[]> {
  const { results } = await env.DB.prepare(
    `SELECT seq, at AS atMs, actor, action, subject, outcome, detail, previous_hash AS previousHash, hash
     FROM audit_log ORDER BY seq`,
  ).all<ChainedEntry & Record<string, unknown>>();
  return results;
}

/** How many statements wait. */
export async function countPending(): Promise<number> {
  const row = await env.DB.prepare("SELECT count(*) AS n FROM audit_pending").first<{
    n: number;
  }>();
  return row?.n ?? 0;
}
