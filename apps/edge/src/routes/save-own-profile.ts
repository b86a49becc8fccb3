/** `POST /api/me/profiles`. */
import { saveOwnProfile } from "@hi-stranger/core/contract/me";
import { jsonTextAnswer } from "../http/answers.ts";
import { endpoint } from "../http/endpoint.ts";
import { addSessionCookies } from "../http/session-answer.ts";
import { requirePerson } from "../policy/principal.ts";

export const saveOwnProfileEndpoint = endpoint(
  saveOwnProfile,
  async ({ context, principal, body }) => {
    const { personas, sessions } = context.requireIdentity();
    const person = requirePerson(principal);
    const { line, isNew } = await personas.save(person.personId, body);
    const answer = jsonTextAnswer(line, { status: isNew ? 201 : 200 });
    // The access token lists the personas; a new one takes a new token, here at least.
    const session = isNew ? await sessions.renew(person) : null;
    if (session) addSessionCookies(answer.headers, session);
    return answer;
  },
);
