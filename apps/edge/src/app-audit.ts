/** Builds the audit log, what shows it and what keeps it. */
import { waitUntil } from "cloudflare:workers";
import type { Clock } from "@hi-stranger/core/clock";
import { type Id, createIdSource } from "@hi-stranger/core/codec/ids";
import { StoreError } from "@hi-stranger/core/errors";
import { openKeyring, requireKeyring } from "./app-identity.ts";
import type { Env } from "./env.ts";
import type { AuditKeeper } from "./jobs/keep-audit.ts";
import { createAuditDays } from "./services/audit-days.ts";
import { createAuditLog } from "./services/audit-log.ts";
import { createAuditNames } from "./services/audit-pseudonyms.ts";
import { type AuditReader, createAuditReader } from "./services/audit-reader.ts";
import { createAuditWriter } from "./services/audit-writer.ts";
import type { AuditLog } from "./services/audit.ts";
import { createR2AuditCheckpointStore } from "./stores/audit-checkpoints.r2.ts";
import { createD1AuditEntryStore } from "./stores/audit-entries.d1.ts";
import { createD1AuditLogStore } from "./stores/audit-log.d1.ts";
import { createD1AuditProgressStore } from "./stores/audit-progress.d1.ts";

type AuditEnv = Pick<Env, "HS_ENV" | "KEYRING" | "AUDIT_CHECKPOINTS">;

export interface AuditParts {
  readonly clock: Clock;
  readonly newId: (prefix: "evt") => Id<"evt">;
}

/** Builds the log over `db`. Without a keyring it works until an entry is about a person. */
export function createAudit(db: D1Database, env: AuditEnv, { clock, newId }: AuditParts): AuditLog {
  const { subtle } = crypto;
  const store = createD1AuditLogStore(db);
  return createAuditLog({
    store,
    clock,
    newId,
    writer: createAuditWriter({
      store,
      clock,
      subtle,
      defer: waitUntil,
      wait: (ms, signal) => scheduler.wait(ms, { signal }),
    }),
    names: createAuditNames({
      environment: env.HS_ENV,
      subtle,
      requireKeyring: () => requireKeyring(env.KEYRING),
    }),
  });
}

/** Builds what shows the log. */
export function createReader(db: D1Database, env: AuditEnv): AuditReader {
  const { HS_ENV: environment, AUDIT_CHECKPOINTS: bucket } = env;
  return createAuditReader({
    environment,
    subtle: crypto.subtle,
    entries: createD1AuditEntryStore(db),
    checkpoints: bucket ? createR2AuditCheckpointStore(bucket) : null,
    requireKeyring: () => requireKeyring(env.KEYRING),
  });
}

/** Builds what the hourly job needs, to run as of `nowMs`; null in the prototype. */
export function createKeeper(env: Env, nowMs: number): AuditKeeper | null {
  const { DB: db, HS_MODE: mode, HS_ENV: environment, AUDIT_CHECKPOINTS: bucket } = env;
  if (mode === "prototype" || !db) return null;
  const { subtle } = crypto;
  const clock = { now: () => nowMs };
  const keyring = openKeyring(env.KEYRING);
  const isWhole = bucket !== undefined && !(keyring instanceof StoreError);
  return {
    store: createD1AuditLogStore(db),
    subtle,
    days: isWhole
      ? createAuditDays({
          environment,
          keyring,
          subtle,
          log: createAudit(db, env, { clock, newId: createIdSource(clock) }),
          entries: createD1AuditEntryStore(db),
          progress: createD1AuditProgressStore(db),
          checkpoints: createR2AuditCheckpointStore(bucket),
        })
      : null,
  };
}
