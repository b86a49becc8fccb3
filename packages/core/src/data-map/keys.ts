/** The keys of key-value stores, at the edge and in a browser. */
import { type MappedKey, operational, person, persona } from "./facts.ts";

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
    home: "KEY_SHARES",
    key: "share/{subject_id}",
    purpose: "the random share without which no data key of its subject unwraps",
    ...person,
    class: "secret",
    export: { isIncluded: false, why: "a key, which opens nothing by itself" },
    erasure: { kind: "shred" },
  },
  {
    home: "AUDIT_CHECKPOINTS",
    key: "checkpoint/{day}.json",
    purpose: "the signed end of a day of the audit log: numbers, a hash and a signature",
    ...operational,
    retention: "for good",
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
    purpose: "theme, language and home, as chosen, and whether somebody was signed in",
    ...operational,
    retention: "until deleted",
  },
  {
    home: "localStorage",
    key: "hs.csrf",
    purpose:
      "shows the server that a request is from a page of this session, which takes the cookies too",
    ...operational,
    class: "secret",
    retention: "until log-out",
  },
  {
    home: "sessionStorage",
    key: "hs.draft.{whose}.{profile_id}",
    purpose:
      "a persona that is being edited, until it is saved, its person logs out or the tab is closed",
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
