/** `GET /api/auth/sessions`. */
import { listSessions } from "@hi-stranger/core/contract/identity";
import { jsonAnswer } from "../http/answers.ts";
import { endpoint } from "../http/endpoint.ts";
import { requirePerson } from "../policy/principal.ts";

export const listSessionsEndpoint = endpoint(listSessions, async ({ context, principal }) => {
  const { sessions } = context.requireIdentity();
  return jsonAnswer({ sessions: await sessions.list(requirePerson(principal)) });
});
