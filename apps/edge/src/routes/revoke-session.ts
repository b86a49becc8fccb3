/** `DELETE /api/auth/sessions/{id}`. */
import { revokeSession } from "@hi-stranger/core/contract/identity";
import { StoreError } from "@hi-stranger/core/errors";
import { endpoint } from "../http/endpoint.ts";
import { signedOutAnswer } from "../http/session-answer.ts";
import { requirePerson } from "../policy/principal.ts";

export const revokeSessionEndpoint = endpoint(
  revokeSession,
  async ({ context, principal, params }) => {
    const person = requirePerson(principal);
    if (!(await context.requireIdentity().sessions.end(person, params.id))) {
      throw new StoreError("session_not_found", "No session of yours has this id.");
    }
    return params.id === person.sessionId ? signedOutAnswer() : new Response(null, { status: 204 });
  },
);
