/** The endpoints of the service itself: whether it is up, and the tokens that open it. */
import Type from "typebox";
import { scopes } from "./actions.ts";
import type { Route } from "./route.ts";

/** Longest life of a service token. */
export const maxTokenTtlSeconds = 365 * 24 * 60 * 60;
/** Life of a service token that asks for none. */
export const defaultTokenTtlSeconds = 30 * 24 * 60 * 60;

const closed = { additionalProperties: false };
const instant = () => Type.String({ format: "date-time" });
const tokenId = () => Type.String({ pattern: "^tok_[0-9a-z]{26}$" });

export const ping = {
  id: "ping",
  method: "GET",
  path: "/api/ping",
  summary: "Whether the store is up",
  action: "service.look",
  query: Type.Object({}, closed),
  answers: {
    200: {
      description: "It is.",
      schema: Type.Object(
        {
          ok: Type.Literal(true),
          env: Type.String({ description: "`local`, `preview` or `production`." }),
          mode: Type.Enum(["live", "prototype"]),
          version: Type.String(),
        },
        closed,
      ),
    },
  },
  errors: [],
} as const satisfies Route;

const tokenInfo = Type.Object(
  {
    token_id: tokenId(),
    name: Type.String(),
    scopes: Type.Array(Type.Enum([...scopes])),
    created_at: instant(),
    expires_at: instant(),
    last_used_at: Type.Union([instant(), Type.Null()]),
  },
  closed,
);
export type TokenInfo = Type.Static<typeof tokenInfo>;

export const createToken = {
  id: "createToken",
  method: "POST",
  path: "/api/tokens",
  summary: "Make a service token",
  description: "The token is shown this once; the store keeps its SHA-256.",
  action: "tokens.manage",
  repeat: {
    idMember: "token_id",
    advice: "Revoke it by its id and make another with a new key.",
  },
  body: {
    contentTypes: ["application/json"],
    maxBytes: 4096,
    schema: Type.Object(
      {
        name: Type.String({ minLength: 1, maxLength: 100 }),
        scopes: Type.Array(Type.Enum([...scopes]), {
          minItems: 1,
          maxItems: scopes.length,
          uniqueItems: true,
        }),
        ttl_seconds: Type.Optional(
          Type.Integer({
            minimum: 60,
            maximum: maxTokenTtlSeconds,
            default: defaultTokenTtlSeconds,
          }),
        ),
      },
      closed,
    ),
  },
  answers: {
    201: {
      description: "The new token.",
      schema: Type.Object({ ...tokenInfo.properties, token: Type.String() }, closed),
    },
  },
  errors: ["invalid_body", "unsupported_media_type", "body_too_large", "not_supported"],
} as const satisfies Route;

export const listTokens = {
  id: "listTokens",
  method: "GET",
  path: "/api/tokens",
  summary: "The service tokens, without their secrets",
  action: "tokens.manage",
  query: Type.Object({}, closed),
  answers: {
    200: {
      description: "All of them, newest first.",
      schema: Type.Object({ tokens: Type.Array(tokenInfo) }, closed),
    },
  },
  errors: ["not_supported"],
} as const satisfies Route;

export const revokeToken = {
  id: "revokeToken",
  method: "DELETE",
  path: "/api/tokens/{id}",
  summary: "Revoke a service token",
  description: "Other locations may accept it for up to 30 s more.",
  action: "tokens.manage",
  repeat: "harmless",
  params: Type.Object({ id: tokenId() }, closed),
  answers: { 204: { description: "It opens nothing any more." } },
  errors: ["token_not_found", "not_supported"],
} as const satisfies Route;
