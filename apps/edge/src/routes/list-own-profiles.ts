/** `GET /api/me/profiles`. */
import { listOwnProfiles } from "@hi-stranger/core/contract/me";
import { jsonTextAnswer } from "../http/answers.ts";
import { endpoint } from "../http/endpoint.ts";
import { requirePerson } from "../policy/principal.ts";

export const listOwnProfilesEndpoint = endpoint(listOwnProfiles, async ({ context, principal }) => {
  const { personas } = context.requireIdentity();
  const lines = await personas.list(requirePerson(principal).personId);
  return jsonTextAnswer(`{"items":[${lines.join(",")}]}`);
});
