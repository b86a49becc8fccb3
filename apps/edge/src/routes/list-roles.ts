/** `GET /api/admin/roles`. */
import { listRoles } from "@hi-stranger/core/contract/roles";
import { jsonAnswer } from "../http/answers.ts";
import { endpoint } from "../http/endpoint.ts";

export const listRolesEndpoint = endpoint(listRoles, async ({ context }) =>
  jsonAnswer({ roles: await context.requireIdentity().roles.list() }),
);
