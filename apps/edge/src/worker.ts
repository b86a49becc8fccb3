/** The Worker's entry. */
import { appFor } from "./app.ts";
import type { Env } from "./env.ts";
import { purgeExpired } from "./jobs/purge.ts";

export { Gatekeeper } from "./gatekeeper/gatekeeper.ts";

export default {
  fetch: (request, env) => appFor(env).fetch(request),
  async scheduled(controller, env) {
    await purgeExpired(env, controller.scheduledTime);
  },
} satisfies ExportedHandler<Env>;
