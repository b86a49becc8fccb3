/** `POST /api/admin/roles`. */
import { grantRole } from "@hi-stranger/core/contract/roles";
import { jsonAnswer } from "../http/answers.ts";
import { endpoint } from "../http/endpoint.ts";
import { enterRole } from "../services/audited-keys.ts";

export const grantRoleEndpoint = endpoint(grantRole, async ({ context, principal, body }) => {
  const { roles, audit } = context.requireIdentity();
  const { grant, isNew } = await roles.grant(body.email, body.role);
  if (isNew) await enterRole(audit, "role.granted", { ...grant, actor: principal });
  return jsonAnswer(grant, { status: isNew ? 201 : 200 });
});
