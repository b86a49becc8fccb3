/** The Worker's entry. */
import { createApp } from "./app.ts";
import type { Env } from "./env.ts";
import { purgeExpired } from "./jobs/purge.ts";

const appsByEnv = new WeakMap<Env, ReturnType<typeof createApp>>();

/** The application of an isolate, built at its first request. */
function appFor(env: Env): ReturnType<typeof createApp> {
  let app = appsByEnv.get(env);
  if (!app) {
    app = createApp(env);
    appsByEnv.set(env, app);
  }
  return app;
}

export default {
  fetch: (request, env) => appFor(env).fetch(request),
  async scheduled(controller, env) {
    await purgeExpired(env, controller.scheduledTime);
  },
} satisfies ExportedHandler<Env>;
