/** `GET /api/admin/keys/rotations`. */
import { listKeyRotations } from "@hi-stranger/core/contract/keys";
import { jsonAnswer } from "../http/answers.ts";
import { endpoint } from "../http/endpoint.ts";

export const listKeyRotationsEndpoint = endpoint(listKeyRotations, async ({ context }) =>
  jsonAnswer({ rotations: await context.requireIdentity().rotations.list() }),
);
