/** `POST /api/auth/logout`. */
import { logOut } from "@hi-stranger/core/contract/identity";
import { endpoint } from "../http/endpoint.ts";
import { signedOutAnswer } from "../http/session-answer.ts";
import { requirePerson } from "../policy/principal.ts";

export const logOutEndpoint = endpoint(logOut, async ({ context, principal, body }) => {
  const { sessions } = context.requireIdentity();
  const person = requirePerson(principal);
  if (body?.everywhere) await sessions.endAll(person);
  else await sessions.end(person, person.sessionId);
  return signedOutAnswer();
});
