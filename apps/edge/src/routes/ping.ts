/** `GET /api/ping`. */
import { version } from "@hi-stranger/core/version";
import { ping } from "@hi-stranger/core/contract/service";
import { jsonAnswer } from "../http/answers.ts";
import { endpoint } from "../http/endpoint.ts";

export const pingEndpoint = endpoint(ping, async ({ context }) =>
  jsonAnswer({ ok: true, env: context.environment, mode: context.mode, version }),
);
