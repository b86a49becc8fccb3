/** The tables of `PII_DB` that say who is behind the personas. */
import { type Export, type Facts, type MappedTable, encrypted, person } from "./facts.ts";

const lookUp: Export = { isIncluded: false, why: "a fingerprint of what is in the export" };
const key: Partial<Facts> = {
  class: "secret",
  export: { isIncluded: false, why: "a key, which opens nothing by itself" },
};

export const identityTables: readonly MappedTable[] = [
  {
    database: "PII_DB",
    table: "personal_data",
    purpose: "Who a person is (`personal_data.v1`)",
    ...person,
    columns: {
      person_id: "the person's id",
      schema_version: "version of the record's schema",
      name: { holds: "name", ...encrypted },
      email: { holds: "e-mail address", ...encrypted },
      address: { holds: "postal address", ...encrypted },
      country: { holds: "country", ...encrypted },
      timezone: { holds: "time zone", ...encrypted },
      payment_ref: { holds: "a payment provider's token", ...encrypted },
      email_hash: { holds: "blind index of the address", protection: "hash", export: lookUp },
      email_hash_next: {
        holds: "the same by the next root, while that is rotated",
        protection: "hash",
        export: lookUp,
      },
      verification_status: "whether the address was shown to be theirs",
      created_at: "when the account was made",
      updated_at: "when a field last changed",
      last_login_at: "when they last signed in, for retention",
    },
    indexes: {},
  },
  {
    database: "PII_DB",
    table: "link_profile_personal",
    purpose: "The only bridge between a persona and a person",
    ...person,
    columns: {
      profile_id: "the persona's id",
      person_id: "the person's id",
      created_at: "when they were linked",
    },
    indexes: { link_profile_personal_by_person: ["person_id", "profile_id"] },
  },
  {
    database: "PII_DB",
    table: "data_keys",
    purpose: "Data keys, wrapped (`hw1`)",
    ...person,
    ...key,
    erasure: { kind: "shred" },
    columns: {
      dek_id: "the key's id",
      version: "its version",
      subject_id: "whose data it protects",
      class: "which of their data",
      kek_version: "version of the root that wraps it",
      wrapped: { holds: "the key, wrapped", protection: "wrap" },
      wraps: "how often it was wrapped by that root",
      created_at: "when it was made",
      retired_at: "when a newer version took its place",
      sealed: "how many fields it has sealed",
    },
    indexes: {
      data_keys_by_subject: ["subject_id", "class", "version"],
      data_keys_by_kek: ["kek_version", "dek_id", "version"],
      data_keys_in_use: ["class", "created_at", "dek_id", "version"],
    },
  },
  {
    database: "PII_DB",
    table: "consents",
    purpose: "What a person agreed to or took back, each time",
    ...person,
    columns: {
      consent_id: "the entry's id",
      person_id: "the person's id",
      purpose: "what it is for",
      policy_version: "version of the text they saw",
      text_sha256: "SHA-256 of that text",
      locale: "its language",
      mechanism: "how they were asked",
      given: "given or taken back",
      at: "when",
    },
    indexes: { consents_by_person: ["person_id", "consent_id"] },
  },
];
