/** `DELETE /api/admin/roles/{person}/{role}`. */
import { revokeRole } from "@hi-stranger/core/contract/roles";
import { StoreError } from "@hi-stranger/core/errors";
import { endpoint } from "../http/endpoint.ts";
import { enterRole } from "../services/audited-keys.ts";

export const revokeRoleEndpoint = endpoint(revokeRole, async ({ context, principal, params }) => {
  const { roles, audit } = context.requireIdentity();
  if (!(await roles.revoke(params.person, params.role))) {
    throw new StoreError("role_not_found", "They haven't got it. `hi admin list` shows who has.");
  }
  const { person: personId, role } = params;
  await enterRole(audit, "role.revoked", { person_id: personId, role, actor: principal });
  return new Response(null, { status: 204 });
});
