/** `POST /api/admin/roles`. */
import { grantRole } from "@hi-stranger/core/contract/roles";
import { jsonAnswer } from "../http/answers.ts";
import { endpoint } from "../http/endpoint.ts";

export const grantRoleEndpoint = endpoint(grantRole, async ({ context, body }) => {
  const { grant, isNew } = await context.requireIdentity().roles.grant(body.email, body.role);
  return jsonAnswer(grant, { status: isNew ? 201 : 200 });
});
