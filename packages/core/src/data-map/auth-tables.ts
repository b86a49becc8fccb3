/**
 * The tables of the vault's `auth.db`, which opens with the device's own key before any secret is
 * known. Nothing of it leaves the device, and nothing of it opens the vault by itself.
 */
import { type Export, type Facts, type MappedTable, operational } from "./facts.ts";

const staysHere: Export = { isIncluded: false, why: "serves this device alone" };

const lock: Facts = {
  subject: "person",
  class: "secret",
  protection: "vault",
  export: staysHere,
  erasure: { kind: "delete" },
  retention: "until deleted",
};

/** What says when something happened, or how the vault is set. */
const trace: Facts = { ...lock, class: "operational" };

const plain: Partial<Facts> = { class: "operational" };

export const authTables: readonly MappedTable[] = [
  {
    database: "auth.db",
    table: "users",
    purpose: "The one who may open the vault",
    ...lock,
    columns: {
      id: { holds: "1", ...plain },
      encrypted_passphrase: {
        holds: "a branch of Argon2id of the passphrase, as a PHC string",
        protection: "hash",
      },
      salt: { holds: "the salt that is in it", ...plain },
      created_at: { holds: "when", ...plain },
      updated_at: { holds: "when the passphrase was last set", ...plain },
    },
    indexes: {},
  },
  {
    database: "auth.db",
    table: "security_questions",
    purpose: "The person's questions, with one masked share of a key for each",
    ...lock,
    columns: {
      id: { holds: "the question's id", ...plain },
      user_id: { holds: "whose it is", ...plain },
      question_text: "the question",
      answer_hash: { holds: "a share, masked by Argon2id of the answer", protection: "wrap" },
      question_type: { holds: "predefined or custom", ...plain },
      question_order: { holds: "its place", ...plain },
      created_at: { holds: "when", ...plain },
    },
    indexes: { idx_security_questions_user: ["user_id"] },
  },
  {
    database: "auth.db",
    table: "sessions",
    purpose: "Sessions that are open",
    ...trace,
    columns: {
      id: "the session's id",
      user_id: "whose it is",
      token: { holds: "SHA-256 of the token's id", class: "secret", protection: "hash" },
      expires_at: "when it ends",
      created_at: "when it began",
    },
    indexes: { idx_sessions_token: ["token"], idx_sessions_expires: ["expires_at"] },
  },
  {
    database: "auth.db",
    table: "predefined_questions",
    purpose: "Questions to choose from",
    ...operational,
    protection: "vault",
    retention: "until deleted",
    columns: {
      id: "the question's id",
      question_text: "the question",
      question_order: "its place",
    },
    indexes: {},
  },
  {
    database: "auth.db",
    table: "key_slots",
    purpose: "A third copy of the header's slots",
    ...lock,
    columns: {
      slot: { holds: "which slot", ...plain },
      body: { holds: "the master key, wrapped", protection: "wrap" },
      updated_at: { holds: "when", ...plain },
    },
    indexes: {},
  },
  {
    database: "auth.db",
    table: "attempts",
    purpose: "Failed attempts, and what is left to wait",
    ...trace,
    columns: {
      kind: "sign-in or recovery",
      failed_count: "how many",
      wait_ms: "what is left to wait",
      clock_epoch: "the boot that the next column counts in",
      clock_ms: "when it was last counted, on a clock that no one can set",
    },
    indexes: {},
  },
  {
    database: "auth.db",
    table: "settings",
    purpose:
      "The counter that shows an old copy, when the vault was made, and how long sessions last",
    ...trace,
    columns: { name: "what it is", value: "its value" },
    indexes: {},
  },
  {
    database: "auth.db",
    table: "events",
    purpose: "What was done to the vault's secrets, without any of them",
    ...trace,
    columns: { id: "order", kind: "what", created_at: "when" },
    indexes: {},
  },
];
