/** `POST /api/admin/keys/rotations`. */
import { startKeyRotation } from "@hi-stranger/core/contract/keys";
import { jsonAnswer } from "../http/answers.ts";
import { endpoint } from "../http/endpoint.ts";

export const startKeyRotationEndpoint = endpoint(startKeyRotation, async ({ context, body }) => {
  const { rotation, isNew } = await context.requireIdentity().rotations.start(body.purpose);
  return jsonAnswer(rotation, { status: isNew ? 201 : 200 });
});
