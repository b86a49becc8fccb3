/** `DELETE /api/tokens/{id}`. */
import { revokeToken } from "@hi-stranger/core/contract/service";
import { StoreError } from "@hi-stranger/core/errors";
import { endpoint } from "../http/endpoint.ts";

export const revokeTokenEndpoint = endpoint(revokeToken, async ({ context, principal, params }) => {
  if (!(await context.tokens.revoke(params.id))) {
    throw new StoreError("token_not_found", "No such token, or it is revoked already.");
  }
  await context.audit?.append({
    actor: principal,
    action: "token.revoked",
    subject: { kind: "token", id: params.id },
    outcome: "done",
    detail: {},
  });
  return new Response(null, { status: 204 });
});
