/** Builds what handlers work with. Here and in `app-*.ts` stores are built; everything else gets them handed in. */
import { waitUntil } from "cloudflare:workers";
import type { Clock } from "@hi-stranger/core/clock";
import { createIdSource, platformRandom } from "@hi-stranger/core/codec/ids";
import { StoreError } from "@hi-stranger/core/errors";
import { createAudit, createReader } from "./app-audit.ts";
import { createGateOf } from "./app-gate.ts";
import { createIdentity } from "./app-identity.ts";
import { createOnceOf } from "./app-once.ts";
import type { Context } from "./context.ts";
import type { Env } from "./env.ts";
import { createOutbox } from "./mail/outbox.ts";
import { createTokenService } from "./services/tokens.ts";
import { createD1ImportStore } from "./stores/imports.d1.ts";
import { createKvImportStore } from "./stores/imports.kv.ts";
import { createCachedProfileStore } from "./stores/profiles.cached.ts";
import { createD1ProfileStore } from "./stores/profiles.d1.ts";
import { createKvProfileStore } from "./stores/profiles.kv.ts";
import { createD1TokenStore } from "./stores/tokens.d1.ts";

/** Builds the context for one set of bindings. @throws {StoreError} `store_unavailable` when one is missing. */
export function createContext(env: Env, clock: Clock): Context {
  const newId = createIdSource(clock);
  const outbox = env.HS_ENV === "local" ? createOutbox(clock) : null;
  const common = { environment: env.HS_ENV, mode: env.HS_MODE, clock, newId, outbox };
  const tokenOptions = {
    operatorSecret: env.OPERATOR_SECRET,
    clock,
    fillRandom: platformRandom,
    newId,
  };
  if (env.HS_MODE === "prototype") {
    const profiles = createKvProfileStore(env.PROFILES_KV, clock);
    const bindings = {
      records: env.PROFILES_KV,
      reports: env.IMPORT_REPORT_KV,
      replays: env.IDEMPOTENCY_KV,
    };
    return {
      ...common,
      profiles,
      getFreshProfile: profiles.get,
      imports: createKvImportStore(bindings, profiles, clock),
      tokens: createTokenService({ ...tokenOptions, store: null }),
      once: null,
      audit: null,
      requireAuditReader: () => {
        throw new StoreError("not_supported", "The prototype keeps no audit log.");
      },
      gate: null,
      identity: null,
      requireIdentity: () => {
        throw new StoreError("not_supported", "The prototype has no accounts.");
      },
    };
  }
  if (!env.DB || !env.PII_DB) {
    throw new StoreError("store_unavailable", "LIVE mode needs the bindings DB and PII_DB.");
  }
  const profiles = createCachedProfileStore(createD1ProfileStore(env.DB, clock), {
    kv: env.PROFILES_KV,
    newEpoch: () => newId("evt"),
    defer: waitUntil,
  });
  const bindings = { db: env.DB, reports: env.IMPORT_REPORT_KV, replays: env.IDEMPOTENCY_KV };
  const audit = createAudit(env.DB, env, { clock, newId });
  const auditReader = createReader(env.DB, env);
  const gate = createGateOf(env, clock, audit);
  const built = createIdentity(env, {
    ...common,
    audit,
    gate,
    profiles,
    getFreshProfile: profiles.getFresh,
  });
  return {
    ...common,
    profiles,
    getFreshProfile: profiles.getFresh,
    imports: createD1ImportStore(bindings, profiles, clock),
    tokens: createTokenService({ ...tokenOptions, store: createD1TokenStore(env.PII_DB, clock) }),
    once: createOnceOf(env.DB, env, { clock, newId }),
    audit,
    requireAuditReader: () => auditReader,
    gate,
    identity: built instanceof StoreError ? null : built,
    requireIdentity: () => {
      if (built instanceof StoreError) throw built;
      return built;
    },
  };
}
