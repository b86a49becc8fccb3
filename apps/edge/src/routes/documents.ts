/** The API about itself: OpenAPI, the reference page and the schemas. Public and constant. */
import { contract } from "@hi-stranger/core/contract/contract";
import { toOpenApi } from "@hi-stranger/core/contract/openapi";
import { chatMetaSchema, chatMetaVersion } from "@hi-stranger/core/schema/chat-meta";
import { messageSchema, messageVersion } from "@hi-stranger/core/schema/message";
import { personalDataSchema, personalDataVersion } from "@hi-stranger/core/schema/personal-data";
import { policyStateSchema, policyStateVersion } from "@hi-stranger/core/schema/policy-state";
import { userProfileSchema, userProfileVersion } from "@hi-stranger/core/schema/user-profile";
import { renderReference } from "../http/reference-page.ts";

const shortCache = { "Cache-Control": "public, max-age=300" };

/** Each document by its path. */
export const documentsByPath: Readonly<Record<string, () => Response>> = {
  "/api/openapi.json": () =>
    new Response(JSON.stringify(toOpenApi(contract)), {
      headers: { ...shortCache, "Content-Type": "application/json; charset=utf-8" },
    }),
  [`/schemas/${userProfileVersion}.schema.json`]: () => answerSchema(userProfileSchema),
  [`/schemas/${chatMetaVersion}.schema.json`]: () => answerSchema(chatMetaSchema),
  [`/schemas/${policyStateVersion}.schema.json`]: () => answerSchema(policyStateSchema),
  [`/schemas/${messageVersion}.schema.json`]: () => answerSchema(messageSchema),
  [`/schemas/${personalDataVersion}.schema.json`]: () => answerSchema(personalDataSchema),
  "/api/docs": () => {
    const nonce = crypto.randomUUID();
    return new Response(renderReference(contract, nonce), {
      headers: {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      },
    });
  },
};

function answerSchema(schema: object): Response {
  return new Response(JSON.stringify(schema), {
    headers: { ...shortCache, "Content-Type": "application/schema+json; charset=utf-8" },
  });
}
