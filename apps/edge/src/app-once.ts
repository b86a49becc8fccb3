/** Builds what answers requests with an idempotency key. */
import type { Clock } from "@hi-stranger/core/clock";
import { type Id, platformRandom } from "@hi-stranger/core/codec/ids";
import { requireKeyring } from "./app-identity.ts";
import type { Env } from "./env.ts";
import { createOnceSeals } from "./services/once-seals.ts";
import { type Once, createOnce } from "./services/once.ts";
import { createD1OnceStore } from "./stores/once.d1.ts";

export interface OnceParts {
  readonly clock: Clock;
  readonly newId: (prefix: "evt") => Id<"evt">;
}

/** Builds it over `db`. Without a keyring, a request with a key is refused; one without works. */
export function createOnceOf(db: D1Database, env: Env, { clock, newId }: OnceParts): Once {
  return createOnce({
    store: createD1OnceStore(db, clock),
    seals: createOnceSeals({
      environment: env.HS_ENV,
      subtle: crypto.subtle,
      fillRandom: platformRandom,
      requireKeyring: () => requireKeyring(env.KEYRING),
    }),
    newId,
  });
}
