/** The Worker's entry. */
import { systemClock } from "@hi-stranger/core/clock";
import { createKeeper } from "./app-audit.ts";
import { createContext } from "./app-context.ts";
import { appFor } from "./app.ts";
import type { Env } from "./env.ts";
import { keepAudit } from "./jobs/keep-audit.ts";
import { purgeExpired } from "./jobs/purge.ts";
import { continueRotations } from "./jobs/rotate-keys.ts";

export { Gatekeeper } from "./gatekeeper/gatekeeper.ts";

/** As in `wrangler.jsonc`; the other cron, and a local server's, does all that there is to do. */
const minuteCron = "* * * * *";

export default {
  fetch: (request, env) => appFor(env).fetch(request),
  async scheduled(controller, env) {
    const { identity } = createContext(env, systemClock);
    const isHourly = controller.cron !== minuteCron;
    await Promise.all([
      continueRotations(identity?.rotations ?? null),
      ...(isHourly ? hourly(env, controller.scheduledTime) : []),
    ]);
  },
} satisfies ExportedHandler<Env>;

function hourly(env: Env, nowMs: number): Promise<void>[] {
  const keeper = createKeeper(env, nowMs);
  return [purgeExpired(env, nowMs), ...(keeper ? [keepAudit(keeper, nowMs)] : [])];
}
