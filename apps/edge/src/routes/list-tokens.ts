/** `GET /api/tokens`. */
import { listTokens } from "@hi-stranger/core/contract/service";
import { jsonAnswer } from "../http/answers.ts";
import { endpoint } from "../http/endpoint.ts";

export const listTokensEndpoint = endpoint(listTokens, async ({ context }) =>
  jsonAnswer({ tokens: await context.tokens.list() }),
);
