/** The endpoints of signing in, of sessions and of signing out. */
import Type from "typebox";
import { consentLocales, requiredPurposes } from "../consent/statements.ts";
import { personId } from "../schema/record-ids.ts";
import type { Route } from "./route.ts";

/** How long a link can be used. */
export const linkTtlSeconds = 15 * 60;
/** How long a request is let in without a look at the database. */
export const accessTtlSeconds = 10 * 60;
/** How long a session goes on without being used. */
export const sessionTtlSeconds = 30 * 24 * 60 * 60;
/** How long a session goes on in any case. */
export const maxSessionTtlSeconds = 90 * 24 * 60 * 60;

const closed = { additionalProperties: false };
const instant = () => Type.String({ format: "date-time" });
const locale = () => Type.Enum([...consentLocales], { default: "en" });
const sessionId = () => Type.String({ pattern: "^sgn_[0-7][0-9a-hjkmnp-tv-z]{25}$" });
const bodyErrors = ["invalid_body", "unsupported_media_type", "body_too_large"] as const;

/** What a page has to know of its session. */
export const sessionSchema = Type.Object(
  {
    person_id: personId(),
    csrf_token: Type.String({
      description:
        "For the header `X-CSRF-Token` of unsafe requests, as long as the session lasts. A refresh takes it too, so a page keeps it for when the access token has run out.",
    }),
    expires_at: Type.String({
      format: "date-time",
      description: "When `POST /api/auth/refresh` is due.",
    }),
  },
  closed,
);
export type SessionAnswer = Type.Static<typeof sessionSchema>;

export const requestMagicLink = {
  id: "requestMagicLink",
  method: "POST",
  path: "/api/auth/magic-link",
  summary: "Send a link for signing in to an address",
  description:
    "The answer and the mail are the same whether the address has an account or not. To an address that was sent too many, none goes out, and the answer is the same too. The link works once, for 15 minutes, and at once in the browser " +
    "that asked, which a cookie tells. Its page is `/sign-in`, with the token behind `#token=`, where no server and no mail scanner sees it.",
  action: "session.begin",
  repeat: "acts_again",
  limit: "sign_in",
  body: {
    contentTypes: ["application/json"],
    maxBytes: 2048,
    schema: Type.Object(
      {
        email: Type.String({ minLength: 3, maxLength: 254 }),
        locale: Type.Optional(locale()),
      },
      closed,
    ),
  },
  answers: {
    202: {
      description: "It is on its way.",
      schema: Type.Object({ expires_at: instant() }, closed),
    },
  },
  errors: [...bodyErrors, "not_supported"],
} as const satisfies Route;

export const verifyMagicLink = {
  id: "verifyMagicLink",
  method: "POST",
  path: "/api/auth/verify",
  summary: "Sign in with a link's token",
  description:
    "Makes the account when the address has none, which takes both consents (`consent_required` otherwise). A browser other than the one that asked for " +
    "the link gets `confirmation_required`, and sends the token again with `confirmed` once the person has clicked. Neither uses the link up. A token that is none counts for limits as asking for a link does. Sets the cookies of the session. The session that the browser had ends if its " +
    "`X-CSRF-Token` comes along.",
  action: "session.begin",
  repeat: "harmless",
  body: {
    contentTypes: ["application/json"],
    maxBytes: 2048,
    schema: Type.Object(
      {
        token: Type.String({ minLength: 1, maxLength: 200 }),
        confirmed: Type.Optional(
          Type.Boolean({ description: "Whether the person clicked on a page that asked." }),
        ),
        consents: Type.Optional(
          Type.Array(Type.Enum([...requiredPurposes]), {
            maxItems: requiredPurposes.length,
            uniqueItems: true,
          }),
        ),
        locale: Type.Optional(locale()),
      },
      closed,
    ),
  },
  answers: { 200: { description: "Signed in.", schema: sessionSchema } },
  errors: [
    ...bodyErrors,
    "link_invalid",
    "confirmation_required",
    "consent_required",
    "not_supported",
  ],
} as const satisfies Route;

export const refreshSession = {
  id: "refreshSession",
  method: "POST",
  path: "/api/auth/refresh",
  summary: "Go on with a session",
  description:
    "Takes the refresh cookie with the session's `X-CSRF-Token`, and gives both cookies anew. A refresh token that is used twice ends its session: of several tabs, one at a time may " +
    "call this.",
  action: "session.begin",
  repeat: "acts_again",
  answers: { 200: { description: "It goes on.", schema: sessionSchema } },
  errors: ["session_missing", "csrf_token_invalid", "not_supported"],
} as const satisfies Route;

export const logOut = {
  id: "logOut",
  method: "POST",
  path: "/api/auth/logout",
  summary: "Sign out here, or everywhere",
  description: "Elsewhere, requests may be let in for up to 10 seconds more.",
  action: "session.use",
  repeat: "harmless",
  body: {
    contentTypes: ["application/json"],
    maxBytes: 256,
    schema: Type.Object({ everywhere: Type.Optional(Type.Boolean({ default: false })) }, closed),
    isOptional: true,
  },
  answers: { 204: { description: "Signed out; the cookies are gone." } },
  errors: [...bodyErrors],
} as const satisfies Route;

export const getSession = {
  id: "getSession",
  method: "GET",
  path: "/api/auth/session",
  summary: "The session of this browser",
  action: "session.use",
  query: Type.Object({}, closed),
  answers: { 200: { description: "Signed in.", schema: sessionSchema } },
  errors: [],
} as const satisfies Route;

const sessionInfo = Type.Object(
  {
    session_id: sessionId(),
    label: Type.String({ description: "Browser and system, such as `Firefox on Linux`." }),
    created_at: instant(),
    last_used_at: instant(),
    expires_at: instant(),
    is_current: Type.Boolean(),
  },
  closed,
);

export const listSessions = {
  id: "listSessions",
  method: "GET",
  path: "/api/auth/sessions",
  summary: "Where one is signed in",
  action: "session.use",
  query: Type.Object({}, closed),
  answers: {
    200: {
      description: "One's own sessions, newest first.",
      schema: Type.Object({ sessions: Type.Array(sessionInfo) }, closed),
    },
  },
  errors: [],
} as const satisfies Route;

export const revokeSession = {
  id: "revokeSession",
  method: "DELETE",
  path: "/api/auth/sessions/{id}",
  summary: "Sign out somewhere else",
  description: "There, requests may be let in for up to 10 seconds more.",
  action: "session.use",
  repeat: "harmless",
  params: Type.Object({ id: sessionId() }, closed),
  answers: { 204: { description: "It has ended." } },
  errors: ["session_not_found"],
} as const satisfies Route;
