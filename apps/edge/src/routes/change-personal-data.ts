/** `PUT /api/me/personal-data`. */
import { changePersonalData } from "@hi-stranger/core/contract/me";
import { StoreError } from "@hi-stranger/core/errors";
import { jsonAnswer } from "../http/answers.ts";
import { endpoint } from "../http/endpoint.ts";
import { requirePerson } from "../policy/principal.ts";

export const changePersonalDataEndpoint = endpoint(
  changePersonalData,
  async ({ context, principal, body }) => {
    const { people } = context.requireIdentity();
    const { personId } = requirePerson(principal);
    const data = await people.change(personId, body, context.clock.now());
    if (!data) throw new StoreError("session_missing", "This account is no more.");
    return jsonAnswer(data);
  },
);
