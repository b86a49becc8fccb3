/** What the data map says of a place, and what many places have in common. */

/** Whose data it is. */
export type Subject = "profile" | "person" | "operator" | "none";

/** How sensitive it is. */
export type DataClass = "pseudonymous" | "pii" | "secret" | "operational";

/**
 * How a value is protected beyond the platform's own encryption at rest; `token` is by a key that
 * only a token or an idempotency key gives which isn't kept, `vault` is by the key of its whole file.
 */
export type Protection = "none" | "dek" | "hash" | "wrap" | "token" | "vault";

/** What a person's export holds of it, and why. */
export type Export =
  { readonly isIncluded: true } | { readonly isIncluded: false; readonly why: string };

/** What erasing its subject does to it. */
export type Erasure =
  | { readonly kind: "delete" | "shred" | "placeholder" }
  | { readonly kind: "keep"; readonly ground: string };

/** How long it is kept, unless erased before. */
export type Retention =
  | "until deleted"
  | "until log-out"
  | "1 minute"
  | "1 hour"
  | "2 hours"
  | "15 minutes"
  | "24 hours"
  | "26 hours"
  | "49 hours"
  | "30 days"
  | "24 hours after expiry or revocation"
  | "30 days after expiry or revocation"
  | "for good";

/** What holds for all of a place unless a column says otherwise. */
export interface Facts {
  readonly subject: Subject;
  readonly class: DataClass;
  readonly protection: Protection;
  readonly export: Export;
  readonly erasure: Erasure;
  readonly retention: Retention;
}

/** A table of a database. */
export interface MappedTable extends Facts {
  readonly database: "DB" | "PII_DB" | "vault.db" | "auth.db" | "Gatekeeper";
  readonly table: string;
  readonly purpose: string;
  /** Every column: what it holds, and where it differs from the table. */
  readonly columns: Readonly<
    Record<string, string | (Partial<Facts> & { readonly holds: string })>
  >;
  /** Every index that the schema names, by the columns it covers in order. */
  readonly indexes: Readonly<Record<string, readonly string[]>>;
}

/** A kind of key in a key-value store, at the edge or in a browser. */
export interface MappedKey extends Facts {
  readonly home:
    | "PROFILES_KV"
    | "IMPORT_REPORT_KV"
    | "IDEMPOTENCY_KV"
    | "KEY_SHARES"
    | "AUDIT_CHECKPOINTS"
    | "localStorage"
    | "sessionStorage"
    | "Cache Storage";
  /** The key with its variable parts in braces. */
  readonly key: string;
  readonly purpose: string;
}

const exported: Export = { isIncluded: true };
const notTheirs: Export = { isIncluded: false, why: "says nothing about a person" };

export const persona: Facts = {
  subject: "profile",
  class: "pseudonymous",
  protection: "none",
  export: exported,
  erasure: { kind: "delete" },
  retention: "until deleted",
};

export const operational: Facts = {
  subject: "none",
  class: "operational",
  protection: "none",
  export: notTheirs,
  erasure: { kind: "keep", ground: "holds nothing about a person" },
  retention: "30 days",
};

export const person: Facts = {
  subject: "person",
  class: "pii",
  protection: "none",
  export: exported,
  erasure: { kind: "delete" },
  retention: "until deleted",
};

/** Ciphertext by the subject's data key: erased by the destruction of that key as well. */
export const encrypted: Partial<Facts> = { protection: "dek", erasure: { kind: "shred" } };

/** A column that says something about the store alone, but goes with its row. */
export const bookkeeping: Partial<Facts> = { class: "operational", export: notTheirs };

export const derived: Export = { isIncluded: false, why: "a copy of what is in the record" };
