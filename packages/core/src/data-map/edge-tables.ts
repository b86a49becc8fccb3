/** The tables of the edge's two databases. */
import { type MappedTable, bookkeeping, derived, operational, persona } from "./facts.ts";

export const edgeTables: readonly MappedTable[] = [
  {
    database: "DB",
    table: "profiles",
    purpose: "Personas",
    ...persona,
    columns: {
      profile_id: "the persona's id",
      body: "the record (`user_profile.v1`) as compact JSON",
      rev: { holds: "the store's revision at its last change", ...bookkeeping },
      first_rev: { holds: "the store's revision when it was first stored", ...bookkeeping },
      schema_version: "version of the record's schema",
      language: { holds: "copied for filters", export: derived },
      assertiveness: { holds: "copied for filters", export: derived },
      empathy: { holds: "copied for filters", export: derived },
      stress: { holds: "copied for filters", export: derived },
      regulation: { holds: "copied for filters", export: derived },
      created_at: { holds: "copied, as epoch milliseconds", export: derived },
      updated_at: "when the record was last stored",
      last_active_at: { holds: "copied, for retention", export: derived },
    },
    indexes: {
      profiles_by_rev: ["rev", "first_rev"],
      profiles_by_language: ["language", "profile_id"],
    },
  },
  {
    database: "DB",
    table: "profile_deletions",
    purpose: "Traces of deleted personas, for the change feed",
    ...persona,
    retention: "30 days",
    columns: {
      profile_id: "the id of the persona that is gone",
      rev: "the store's revision at its deletion",
      deleted_at: "when",
    },
    indexes: { profile_deletions_by_rev: ["rev"] },
  },
  {
    database: "DB",
    table: "counters",
    purpose: "How many records of a kind there are, and the latest revision",
    ...operational,
    retention: "for good",
    columns: {
      name: "kind of record",
      value: "how many there are",
      rev: "latest revision",
      added: "how many the last write added",
    },
    indexes: {},
  },
  {
    database: "DB",
    table: "import_reports",
    purpose: "Reports of imports, while they run and after",
    ...operational,
    columns: {
      import_id: "the import's id",
      state: "running, complete, incomplete or refused",
      report: "the report: counts, and places and rules of refused lines, never their content",
      started_at: "when",
      lease_until: "until when it counts as alive",
    },
    indexes: { import_reports_by_start: ["started_at"] },
  },
  {
    database: "DB",
    table: "import_staging",
    purpose: "Rows of imports that are stored as a whole, until they are",
    ...persona,
    retention: "2 hours",
    columns: {
      import_id: { holds: "the import's id", ...bookkeeping },
      seq: { holds: "order of the chunk", ...bookkeeping },
      rows: {
        holds: "personas as a JSON array",
        export: { isIncluded: false, why: "in the record itself once it is stored" },
      },
      staged_at: { holds: "when", ...bookkeeping },
    },
    indexes: {},
  },
  {
    database: "DB",
    table: "idempotency",
    purpose: "Keys of requests that are safe to repeat",
    ...operational,
    retention: "24 hours",
    columns: {
      scope: "of an import, the id of the token that sent it, `operator` or `person`; else `once`",
      key: {
        holds:
          "the key as a token or the operator sent it with an import, else an HMAC of it and of whose it is",
        protection: "hash",
      },
      fingerprint: {
        holds: "SHA-256 of an import's body, HMAC of another request",
        protection: "hash",
      },
      state: "running or finished",
      response: {
        holds:
          "while running, the id of the request; then status and id of an import, or another answer, encrypted with a key that takes the request's own",
        protection: "token",
        export: { isIncluded: false, why: "a copy that nobody can read or tell whose it is" },
        erasure: {
          kind: "keep",
          ground: "opens to nobody but who sent the request, and ends in a day",
        },
      },
      expires_at: "end of the claim or of the replay",
    },
    indexes: { idempotency_by_expiry: ["expires_at"] },
  },
  {
    database: "PII_DB",
    table: "api_tokens",
    purpose: "Service tokens",
    ...operational,
    subject: "operator",
    retention: "30 days after expiry or revocation",
    columns: {
      token_id: "the token's id",
      token_hash: { holds: "SHA-256 of the token", class: "secret", protection: "hash" },
      name: "what the operator calls it",
      scopes: "what it opens",
      created_at: "when it was made",
      expires_at: "when it ends",
      last_used_at: "when it was last looked up",
      revoked_at: "when it was revoked",
    },
    indexes: {
      api_tokens_by_expiry: ["expires_at"],
      api_tokens_by_revocation: ["revoked_at"],
    },
  },
];
