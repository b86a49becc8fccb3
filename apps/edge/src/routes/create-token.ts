/** `POST /api/tokens`. */
import { createToken } from "@hi-stranger/core/contract/service";
import { jsonAnswer } from "../http/answers.ts";
import { endpoint } from "../http/endpoint.ts";

export const createTokenEndpoint = endpoint(createToken, async ({ context, body }) =>
  jsonAnswer(await context.tokens.create(body), { status: 201 }),
);
