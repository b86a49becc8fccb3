/** `DELETE /api/admin/roles/{person}/{role}`. */
import { revokeRole } from "@hi-stranger/core/contract/roles";
import { StoreError } from "@hi-stranger/core/errors";
import { endpoint } from "../http/endpoint.ts";

export const revokeRoleEndpoint = endpoint(revokeRole, async ({ context, params }) => {
  const { roles } = context.requireIdentity();
  if (!(await roles.revoke(params.person, params.role))) {
    throw new StoreError("role_not_found", "They haven't got it. `hi admin list` shows who has.");
  }
  return new Response(null, { status: 204 });
});
