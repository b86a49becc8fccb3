/** The tables of the audit log, in `DB`. */
import { type Facts, type MappedTable, operational } from "./facts.ts";

const logged: Facts = {
  ...operational,
  subject: "person",
  class: "pseudonymous",
  export: { isIncluded: false, why: "what is theirs of it stands in the records that it tells of" },
  erasure: {
    kind: "keep",
    ground: "accountability, GDPR Art. 5(2); pseudonyms only, for 30 days",
  },
};

const statement = {
  actor: { holds: "who did it: a pseudonym by HMAC, or a token's id", protection: "hash" },
  action: "what was done, of a closed list",
  subject: {
    holds: "what it was done to: a pseudonym by HMAC, or the id of a token or an import",
    protection: "hash",
  },
  outcome: "how it ended, of a closed list",
  detail: "numbers and words of closed lists, as JSON",
} as const;

export const auditTables: readonly MappedTable[] = [
  {
    database: "DB",
    table: "audit_log",
    purpose: "Who did what, as a chain of hashes",
    ...logged,
    columns: {
      seq: "order, without a gap",
      at: "when it was entered",
      ...statement,
      previous_hash: "hash of the entry before",
      hash: "SHA-256 of the entry and the hash before",
    },
    indexes: {
      audit_log_by_time: ["at"],
      audit_log_by_action: ["action"],
      audit_log_by_outcome: ["outcome"],
      audit_log_by_action_and_outcome: ["action", "outcome"],
    },
  },
  {
    database: "DB",
    table: "audit_pending",
    purpose: "What is to be entered in the audit log: noted before an act, or together with it",
    ...logged,
    retention: "2 hours",
    columns: {
      pending_id: "the statement's id",
      noted_at: "when it was noted",
      ...statement,
    },
    indexes: {},
  },
  {
    database: "DB",
    table: "audit_progress",
    purpose: "How far the day of the audit log that is signed next has been recomputed",
    ...operational,
    retention: "until deleted",
    columns: {
      day: "the day",
      seq: "the last entry that was recomputed",
      at: "when that one was entered",
      hash: "its hash",
    },
    indexes: {},
  },
];
