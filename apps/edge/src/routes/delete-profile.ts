/** `DELETE /api/profiles/item`. */
import { deleteProfile } from "@hi-stranger/core/contract/profiles";
import { StoreError } from "@hi-stranger/core/errors";
import { endpoint } from "../http/endpoint.ts";

export const deleteProfileEndpoint = endpoint(deleteProfile, async ({ context, query }) => {
  const { profiles, identity } = context;
  const isDeleted = await (identity?.personas ?? profiles).delete(query.id);
  if (!isDeleted) throw new StoreError("profile_not_found", "No persona has this id.");
  return new Response(null, { status: 204 });
});
