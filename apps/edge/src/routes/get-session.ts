/** `GET /api/auth/session`. */
import { getSession } from "@hi-stranger/core/contract/identity";
import { jsonAnswer } from "../http/answers.ts";
import { endpoint } from "../http/endpoint.ts";
import { requirePerson } from "../policy/principal.ts";

export const getSessionEndpoint = endpoint(getSession, async ({ context, principal }) =>
  jsonAnswer(await context.requireIdentity().sessions.describe(requirePerson(principal))),
);
