/** `POST /api/admin/keys/rotations`. */
import { startKeyRotation } from "@hi-stranger/core/contract/keys";
import { jsonAnswer } from "../http/answers.ts";
import { endpoint } from "../http/endpoint.ts";
import { enterRotation } from "../services/audited-keys.ts";

export const startKeyRotationEndpoint = endpoint(startKeyRotation, async (call) => {
  const { rotations, audit } = call.context.requireIdentity();
  const { rotation, isNew } = await rotations.start(call.body.purpose);
  if (isNew) await enterRotation(audit, rotation, call.principal);
  return jsonAnswer(rotation, { status: isNew ? 201 : 200 });
});
