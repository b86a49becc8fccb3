/** `GET /api/admin/keys`. */
import { listKeys } from "@hi-stranger/core/contract/keys";
import { jsonAnswer } from "../http/answers.ts";
import { endpoint } from "../http/endpoint.ts";

export const listKeysEndpoint = endpoint(listKeys, async ({ context }) =>
  jsonAnswer({ keys: await context.requireIdentity().rotations.keys() }),
);
