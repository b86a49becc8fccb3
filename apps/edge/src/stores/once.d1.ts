/**
 * The idempotency keys of routes other than imports, in D1.
 *
 * What a request does and the answer that is kept for it are not one transaction: of a process that
 * is killed between the two, the next with the key does it again once the lease has ended.
 */
import type { Clock } from "@hi-stranger/core/clock";
import { finishClaim, releaseClaim, takeClaim } from "./claims.d1.ts";
import type { Asked, OnceStore } from "./ports.ts";

/** No query of D1's runs for longer, and no request for so long. */
export const onceLeaseMs = 30_000;
const scope = "once";

interface Row {
  readonly fingerprint: string;
  readonly answer: string;
}

export function createD1OnceStore(db: D1Database, clock: Clock): OnceStore {
  const claimOf = (name: string, by: string) => ({ key: { scope, key: name }, by });

  async function read(name: string): Promise<Asked> {
    const row = await db
      .prepare(
        `SELECT fingerprint, response ->> 'answer' AS answer FROM idempotency
         WHERE scope = ?1 AND key = ?2 AND state = 'finished'`,
      )
      .bind(scope, name)
      .first<Row>();
    return row ? { kind: "finished", ...row } : { kind: "running" };
  }

  return {
    async ask(name, by) {
      const times = { nowMs: clock.now(), leaseMs: onceLeaseMs };
      return (await takeClaim(db, claimOf(name, by), times)) ? { kind: "claimed" } : read(name);
    },
    async keep(name, by, fingerprint, answer) {
      const kept = { fingerprint, response: JSON.stringify({ answer }) };
      await finishClaim(db, claimOf(name, by), kept, clock.now()).run();
    },
    async release(name, by) {
      await releaseClaim(db, claimOf(name, by)).run();
    },
  };
}
