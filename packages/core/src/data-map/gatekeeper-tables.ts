/** The tables of each `Gatekeeper` object, which limits one caller. All is emptied by the object's alarm. */
import { type MappedTable, person } from "./facts.ts";

/** The object is found by a keyed hash of its caller; inside, nothing says whose it is. */
const ofCaller = {
  ...person,
  database: "Gatekeeper",
  class: "pseudonymous",
  protection: "hash",
  export: { isIncluded: false, why: "kept for two days at most, to protect everyone" },
  erasure: { kind: "delete" },
  indexes: {},
} as const satisfies Partial<MappedTable>;

export const gatekeeperTables: readonly MappedTable[] = [
  {
    ...ofCaller,
    table: "buckets",
    purpose: "How many requests are left, for limits of more than a minute",
    retention: "26 hours",
    columns: {
      class: "the kind of requests",
      tokens: "how many were left",
      at_ms: "when that was",
    },
  },
  {
    ...ofCaller,
    table: "signal_counts",
    purpose: "What is suspicious when there is much of it, counted by ten minutes",
    retention: "26 hours",
    columns: {
      signal: "`failed_sign_in`, `missing_id`, `export` or `import`",
      slot: "the ten minutes, counted since 1970",
      count: "how many",
    },
  },
  {
    ...ofCaller,
    table: "sanctions",
    purpose: "Whether requests are slowed down or refused",
    retention: "49 hours",
    columns: {
      kind: "`throttle` or `block`",
      until_ms: "when it ends",
      times: "how many blocks there were without a day between them",
    },
  },
  {
    ...ofCaller,
    table: "revoked_sessions",
    purpose: "Sessions that were ended before their access tokens expired",
    retention: "1 hour",
    columns: {
      session_id: "the session",
      until_ms: "when its last access token has expired",
    },
  },
];
