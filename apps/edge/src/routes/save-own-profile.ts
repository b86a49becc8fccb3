/** `POST /api/me/profiles`. */
import { saveOwnProfile } from "@hi-stranger/core/contract/me";
import { jsonTextAnswer } from "../http/answers.ts";
import { endpoint } from "../http/endpoint.ts";
import { addSessionCookies } from "../http/session-answer.ts";
import { requirePerson } from "../policy/principal.ts";

export const saveOwnProfileEndpoint = endpoint(
  saveOwnProfile,
  async ({ context, principal, body }) => {
    const { personas } = context.requireIdentity();
    const { line, isNew } = await personas.save(requirePerson(principal).personId, body);
    return jsonTextAnswer(line, { status: isNew ? 201 : 200 });
  },
  async (answer, { context, principal }) => {
    // The access token lists the personas; a new one takes a new token, here at least.
    if (answer.status !== 201) return;
    const session = await context.requireIdentity().sessions.renew(requirePerson(principal));
    if (session) addSessionCookies(answer.headers, session);
  },
);
