/** The Pages entry: edge's application and nothing else. */
import { appFor } from "@hi-stranger/edge/app";
import type { Env } from "@hi-stranger/edge/env";

export const onRequest: PagesFunction<Env> = ({ request, env }) => appFor(env).fetch(request);
