/**
 * The data map: everything that is kept anywhere, with what it is, whose it is and how it ends.
 *
 * `docs/data-map.md` is written from it by `npm run generate`. A test compares it with the live
 * schema of both databases, column by column and index by index: what the map doesn't know, or
 * knows and isn't there, fails. Encryption, export, erasure and retention will read it too, so
 * there is one answer to each of those questions.
 */

/** Whose data it is. */
export type Subject = "profile" | "operator" | "none";

/** How sensitive it is. */
export type DataClass = "pseudonymous" | "pii" | "secret" | "operational";

/** How a value is protected beyond the platform's own encryption at rest. */
export type Protection = "none" | "dek" | "hash" | "wrap";

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
  | "1 minute"
  | "1 hour"
  | "2 hours"
  | "24 hours"
  | "30 days"
  | "30 days after expiry or revocation"
  | "for good";

/** What holds for all of a place unless a column says otherwise. */
interface Facts {
  readonly subject: Subject;
  readonly class: DataClass;
  readonly protection: Protection;
  readonly export: Export;
  readonly erasure: Erasure;
  readonly retention: Retention;
}

/** A table of a database. */
export interface MappedTable extends Facts {
  readonly database: "DB" | "PII_DB";
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
    | "localStorage"
    | "sessionStorage"
    | "Cache Storage";
  /** The key with its variable parts in braces. */
  readonly key: string;
  readonly purpose: string;
}

const exported: Export = { isIncluded: true };
const notTheirs: Export = { isIncluded: false, why: "says nothing about a person" };

const persona: Facts = {
  subject: "profile",
  class: "pseudonymous",
  protection: "none",
  export: exported,
  erasure: { kind: "delete" },
  retention: "until deleted",
};

const operational: Facts = {
  subject: "none",
  class: "operational",
  protection: "none",
  export: notTheirs,
  erasure: { kind: "keep", ground: "holds nothing about a person" },
  retention: "30 days",
};

/** A column that says something about the store alone, but goes with its row. */
const bookkeeping: Partial<Facts> = { class: "operational", export: notTheirs };

const derived: Export = { isIncluded: false, why: "a copy of what is in the record" };

export const mappedTables: readonly MappedTable[] = [
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
      scope: "id of the token that sent it",
      key: "the key as sent",
      fingerprint: { holds: "SHA-256 of the body", protection: "hash" },
      state: "running or finished",
      response: "status and import id of the first answer",
      expires_at: "end of the claim or of the replay",
    },
    indexes: { idempotency_by_expiry: ["expires_at"] },
  },
  {
    database: "DB",
    table: "audit_log",
    purpose: "Who did what",
    ...operational,
    subject: "operator",
    erasure: { kind: "keep", ground: "accountability, GDPR Art. 5(2); pseudonyms only" },
    retention: "for good",
    columns: {
      seq: "order",
      at: "when",
      actor: "id of the token that acted",
      action: "what was done",
      subject: "id of what it was done to",
      outcome: "how it ended",
      detail: "counts and checksums, no personal data",
    },
    indexes: { audit_log_by_time: ["at"] },
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
    indexes: {},
  },
];

export const mappedKeys: readonly MappedKey[] = [
  {
    home: "PROFILES_KV",
    key: "profile:{profile_id}",
    purpose: "a persona: the prototype's record (until deleted); in LIVE a cache of it (1 minute)",
    ...persona,
  },
  {
    home: "PROFILES_KV",
    key: "deleted:{profile_id}",
    purpose: "trace of a deleted persona, for the prototype's change feed",
    ...persona,
    retention: "30 days",
  },
  {
    home: "PROFILES_KV",
    key: "staging:{import_id}:{seq}",
    purpose: "rows of a prototype's import until it is stored",
    ...persona,
    retention: "1 hour",
  },
  {
    home: "PROFILES_KV",
    key: "profiles:epoch",
    purpose: "voids the cache when it changes",
    ...operational,
    retention: "for good",
  },
  {
    home: "IMPORT_REPORT_KV",
    key: "report:{import_id}",
    purpose: "report of an import",
    ...operational,
  },
  {
    home: "IDEMPOTENCY_KV",
    key: "import:{scope}:{key}",
    purpose: "first answer to a key",
    ...operational,
    retention: "24 hours",
  },
  {
    home: "localStorage",
    key: "hs.profiles",
    purpose: "the personas of the prototype on this device",
    ...persona,
  },
  {
    home: "localStorage",
    key: "hs.chat_meta",
    purpose: "the chats of the prototype on this device",
    ...persona,
  },
  {
    home: "localStorage",
    key: "hs.policy_state",
    purpose: "how those chats are moderated, and what was derived from it",
    ...persona,
  },
  {
    home: "localStorage",
    key: "hs.messages",
    purpose: "the messages of those chats",
    ...persona,
  },
  {
    home: "localStorage",
    key: "hs.meta",
    purpose: "versions of the local data's form",
    ...operational,
    retention: "until deleted",
  },
  {
    home: "localStorage",
    key: "hs.quarantine.{key}.{n}",
    purpose: "damaged data, set aside",
    ...persona,
  },
  {
    home: "localStorage",
    key: "hs.ui",
    purpose: "theme and language, as chosen",
    ...operational,
    retention: "until deleted",
  },
  {
    home: "sessionStorage",
    key: "hs.draft.{profile_id}",
    purpose: "a persona that is being edited, until it is saved or the tab is closed",
    ...persona,
  },
  {
    home: "Cache Storage",
    key: "hs-shell-{version}",
    purpose: "the app's own files, for use offline",
    ...operational,
    retention: "until deleted",
  },
];

/** What holds for one column, its table's facts included. */
export function factsOfColumn(table: MappedTable, column: string): Facts & { holds: string } {
  const own = table.columns[column];
  if (own === undefined) throw new RangeError(`${table.table}.${column} is not in the data map`);
  return { ...table, ...(typeof own === "string" ? { holds: own } : own) };
}

/** The map as a page of Markdown. */
export function renderDataMap(): string {
  const tables = mappedTables.map((table) => {
    const rows = Object.keys(table.columns).map((column) => {
      const facts = factsOfColumn(table, column);
      return `| \`${column}\` | ${facts.holds} | ${describe(facts).join(" | ")} |`;
    });
    const indexes = Object.entries(table.indexes).map(
      ([name, columns]) => `\`${name}\` (${columns.join(", ")})`,
    );
    return [
      `### \`${table.database}\` · \`${table.table}\``,
      "",
      `${table.purpose}. ${indexes.length > 0 ? `Indexes: ${indexes.join(", ")}.` : "No index but its key."}`,
      "",
      `| column | holds | ${headings.join(" | ")} |`,
      `|${"---|".repeat(headings.length + 2)}`,
      ...rows,
    ].join("\n");
  });
  const keys = mappedKeys.map(
    (key) => `| \`${key.home}\` | \`${key.key}\` | ${key.purpose} | ${describe(key).join(" | ")} |`,
  );
  return `# Data map

Written from \`packages/core/src/data-map.ts\` by \`npm run generate\`. A test compares it with the live databases.

## Tables

${tables.join("\n\n")}

## Keys

| home | key | holds | ${headings.join(" | ")} |
|${"---|".repeat(headings.length + 3)}
${keys.join("\n")}
`;
}

const headings = ["subject", "class", "protection", "export", "erasure", "kept"];

function describe(facts: Facts): string[] {
  return [
    facts.subject,
    facts.class,
    facts.protection,
    facts.export.isIncluded ? "yes" : `no: ${facts.export.why}`,
    facts.erasure.kind === "keep" ? `keep: ${facts.erasure.ground}` : facts.erasure.kind,
    facts.retention,
  ];
}
