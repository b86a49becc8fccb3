/** The tables of `PII_DB` that let people in: links by mail, sessions and roles. */
import { type Facts, type MappedTable, person } from "./facts.ts";

const tokenHash: Partial<Facts> = {
  class: "secret",
  protection: "hash",
  export: { isIncluded: false, why: "opens nothing, and tells nothing about a person" },
};

export const signInTables: readonly MappedTable[] = [
  {
    database: "PII_DB",
    table: "magic_links",
    purpose: "Links for signing in, from when they are sent until they end",
    ...person,
    class: "operational",
    export: { isIncluded: false, why: "names nobody whom anyone without the link could find" },
    erasure: { kind: "keep", ground: "can't be told whose it is, and is gone within 2 hours" },
    retention: "2 hours",
    columns: {
      token_hash: { holds: "SHA-256 of the link's token", ...tokenHash },
      sealed_address: {
        holds: "the address, which the token alone opens",
        class: "pii",
        protection: "token",
      },
      browser_hash: { holds: "SHA-256 of a cookie of the browser that asked", ...tokenHash },
      created_at: "when it was sent",
      expires_at: "when it ends",
      used_at: "when it was used",
    },
    indexes: { magic_links_by_expiry: ["expires_at"] },
  },
  {
    database: "PII_DB",
    table: "sign_ins",
    purpose: "Sessions of people, one for each browser that is signed in",
    ...person,
    retention: "24 hours after expiry or revocation",
    columns: {
      family: "the session's id",
      person_id: "the person's id",
      token_hash: { holds: "SHA-256 of the refresh token that is valid", ...tokenHash },
      label: "browser and system in a few words, such as Firefox on Linux",
      created_at: "when they signed in",
      expires_at: "when it ends unless it is used",
      rotated_at: "when it was last used",
      revoked_at: "when it was ended",
    },
    indexes: {
      sign_ins_by_person: ["person_id", "family"],
      sign_ins_by_expiry: ["expires_at"],
      sign_ins_by_revocation: ["revoked_at"],
    },
  },
  {
    database: "PII_DB",
    table: "roles",
    purpose: "Who moderates and who administers",
    ...person,
    columns: {
      person_id: "the person's id",
      role: "moderator or admin",
      granted_at: "when they were given it",
    },
    indexes: {},
  },
];
