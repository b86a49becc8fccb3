/** `POST /api/auth/magic-link`. */
import { toInstant } from "@hi-stranger/core/clock";
import { linkTtlSeconds, requestMagicLink } from "@hi-stranger/core/contract/identity";
import { jsonAnswer } from "../http/answers.ts";
import { browserCookie, readCookie, setCookie } from "../http/cookies.ts";
import { mayMail } from "../http/admit.ts";
import { endpoint } from "../http/endpoint.ts";

export const requestMagicLinkEndpoint = endpoint(
  requestMagicLink,
  async ({ request, context, body }) => {
    const { browser, expiresAtMs } = await context.requireIdentity().signIn.requestLink({
      email: body.email,
      locale: body.locale ?? "en",
      browser: readCookie(request, browserCookie),
      origin: new URL(request.url).origin,
      isMailed: await mayMail(context, body.email),
    });
    return jsonAnswer(
      { expires_at: toInstant(expiresAtMs) },
      {
        status: 202,
        headers: { "Set-Cookie": setCookie(browserCookie, browser, linkTtlSeconds) },
      },
    );
  },
);
