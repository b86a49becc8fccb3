/**
 * What the audit log can tell of, and how it can have ended: the words alone, for programs that have to
 * start quickly and so leave the schemas aside.
 */

/** What an entry can tell of. */
export const auditActions = [
  "account.created",
  "session.begun",
  "session.ended",
  "session.ended_everywhere",
  "session.revoked",
  /** A refresh token came a second time, and its session ended. */
  "session.refresh_reused",
  "personal_data.changed",
  "persona.deleted",
  "token.created",
  "token.revoked",
  "import.finished",
  "role.granted",
  "role.revoked",
  "keys.rotation_started",
  "keys.rotated",
  /** Too many requests, or requests of a suspicious kind: the caller is shut out for a time. */
  "access.blocked",
  /** Somebody who is known asked for what only admins or the operator may. */
  "access.refused",
  /** Somebody used a power that others haven't: that of a role, or of the operator's secret. */
  "admin.called",
  /** The log itself: nothing is entered for the day before any more. */
  "audit.day_closed",
  /** The log itself: entries of whole days were removed, as the detail says. */
  "audit.pruned",
] as const;
export type AuditAction = (typeof auditActions)[number];

/** How it ended; `unknown` when whoever did it never said, because their process was killed. */
export const auditOutcomes = ["done", "refused", "failed", "unknown"] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];
