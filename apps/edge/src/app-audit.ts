/** Builds the audit log. */
import { waitUntil } from "cloudflare:workers";
import type { Clock } from "@hi-stranger/core/clock";
import type { Id } from "@hi-stranger/core/codec/ids";
import { StoreError } from "@hi-stranger/core/errors";
import { openKeyring } from "./app-identity.ts";
import type { Env } from "./env.ts";
import { createAuditLog } from "./services/audit-log.ts";
import { createAuditNames } from "./services/audit-pseudonyms.ts";
import { createAuditWriter } from "./services/audit-writer.ts";
import type { AuditLog } from "./services/audit.ts";
import { createD1AuditLogStore } from "./stores/audit-log.d1.ts";

export interface AuditParts {
  readonly clock: Clock;
  readonly newId: (prefix: "evt") => Id<"evt">;
}

/** Builds it over `db`. Without a keyring it works until an entry is about a person. */
export function createAudit(
  db: D1Database,
  { HS_ENV: environment, KEYRING: secret }: Pick<Env, "HS_ENV" | "KEYRING">,
  { clock, newId }: AuditParts,
): AuditLog {
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
      environment,
      subtle,
      requireKeyring: () => {
        const keyring = openKeyring(secret);
        if (keyring instanceof StoreError) throw keyring;
        return keyring;
      },
    }),
  });
}
