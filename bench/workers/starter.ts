/**
 * Starts Workers over and over: each `GET /?worker=NAME` makes a new isolate, loads the script of
 * that name into it and passes on its first answer to `/api/ping`.
 */
interface StarterEnv {
  readonly LOADER: WorkerLoader;
  /** Scripts by the names of their Workers. */
  readonly SCRIPTS: Readonly<Record<string, string>>;
  readonly COMPATIBILITY_DATE: string;
}

let startCount = 0;

export default {
  async fetch(request, env) {
    const name = new URL(request.url).searchParams.get("worker") ?? "";
    const script = env.SCRIPTS[name];
    if (script === undefined) return new Response("no such Worker", { status: 404 });
    startCount += 1;
    const worker = env.LOADER.get(`${name}-${startCount}`, () => ({
      compatibilityDate: env.COMPATIBILITY_DATE,
      mainModule: "worker.js",
      modules: { "worker.js": script },
      // A ping asks no store, but the application is built with all of them.
      env: { HS_ENV: "local", HS_MODE: "live", DB: {}, PII_DB: {}, PROFILES_KV: {} },
    }));
    return worker.getEntrypoint().fetch("http://worker/api/ping");
  },
} satisfies ExportedHandler<StarterEnv>;
