/** The product's Worker with a meter on its databases: `GET /__meter` tells what was used since it was last asked. */
import type { Env } from "../../apps/edge/src/env.ts";
import worker from "../../apps/edge/src/worker.ts";
import { createMeter, meterDatabase } from "./meter.ts";

const meter = createMeter();
let meteredEnv: Env | undefined;

export default {
  fetch(request, env) {
    if (new URL(request.url).pathname === "/__meter") return Response.json(meter.take());
    // One object for the life of the isolate, as the Worker keeps its application by it.
    meteredEnv ??= {
      ...env,
      ...(env.DB && { DB: meterDatabase(env.DB, meter) }),
      ...(env.PII_DB && { PII_DB: meterDatabase(env.PII_DB, meter) }),
    };
    return worker.fetch(request, meteredEnv);
  },
} satisfies ExportedHandler<Env>;
