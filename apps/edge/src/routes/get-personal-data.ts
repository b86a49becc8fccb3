/** `GET /api/me/personal-data`. */
import { getPersonalData } from "@hi-stranger/core/contract/me";
import { StoreError } from "@hi-stranger/core/errors";
import { jsonAnswer } from "../http/answers.ts";
import { endpoint } from "../http/endpoint.ts";
import { requirePerson } from "../policy/principal.ts";

export const getPersonalDataEndpoint = endpoint(getPersonalData, async ({ context, principal }) => {
  const data = await context.requireIdentity().people.get(requirePerson(principal).personId);
  if (!data) throw new StoreError("session_missing", "This account is no more.");
  return jsonAnswer(data);
});
