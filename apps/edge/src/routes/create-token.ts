/** `POST /api/tokens`. */
import { createToken } from "@hi-stranger/core/contract/service";
import { jsonAnswer } from "../http/answers.ts";
import { endpoint } from "../http/endpoint.ts";

export const createTokenEndpoint = endpoint(createToken, async ({ context, principal, body }) => {
  const created = await context.tokens.create(body);
  await context.audit?.append({
    actor: principal,
    action: "token.created",
    subject: { kind: "token", id: created.token_id },
    outcome: "done",
    detail: { scopes: created.scopes },
  });
  return jsonAnswer(created, { status: 201 });
});
