/** Sessions whose beginnings and ends stand in the audit log. */
import type { Person } from "../policy/principal.ts";
import type { AuditEvent, AuditLog } from "./audit.ts";
import type { SessionService } from "./sessions.ts";

/**
 * Sessions that enter what happens before anybody is told of it: a session that couldn't be entered
 * is one whose cookies nobody gets, and an end that couldn't is asked for again.
 */
export function auditSessions(sessions: SessionService, audit: AuditLog): SessionService {
  const enter = (
    personId: string,
    event: Pick<AuditEvent, "action"> & { readonly sessionId?: string },
  ) =>
    audit.append({
      actor: { kind: "person", personId },
      action: event.action,
      subject: event.sessionId === undefined ? null : { kind: "session", id: event.sessionId },
      outcome: "done",
      detail: {},
    });

  return {
    ...sessions,

    async open(personId, label) {
      const session = await sessions.open(personId, label);
      await enter(personId, { action: "session.begun" });
      return session;
    },

    async leave(refreshToken, csrfToken) {
      const left = await sessions.leave(refreshToken, csrfToken);
      if (left) await enter(left.personId, { action: "session.ended", sessionId: left.sessionId });
      return left;
    },

    async end(person: Person, sessionId) {
      const isEnded = await sessions.end(person, sessionId);
      const isOwn = sessionId === person.sessionId;
      const action = isOwn ? "session.ended" : "session.revoked";
      if (isEnded) await enter(person.personId, { action, sessionId });
      return isEnded;
    },

    async endAll(person) {
      await sessions.endAll(person);
      await enter(person.personId, { action: "session.ended_everywhere" });
    },
  };
}

/** Enters that a refresh token of a person's came a second time: its session has ended, and who sent it isn't known. */
export async function enterReuse(audit: AuditLog, personId: string): Promise<void> {
  await audit.append({
    actor: { kind: "anonymous" },
    action: "session.refresh_reused",
    subject: { kind: "person", id: personId },
    outcome: "refused",
    detail: {},
  });
}
