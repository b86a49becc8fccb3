/** `POST /api/auth/verify`. */
import { verifyMagicLink } from "@hi-stranger/core/contract/identity";
import { toBrowserLabel } from "../http/browser-label.ts";
import { browserCookie, readCookie, refreshCookie } from "../http/cookies.ts";
import { endpoint } from "../http/endpoint.ts";
import { csrfTokenOf } from "../http/page-of.ts";
import { sessionAnswer } from "../http/session-answer.ts";

export const verifyMagicLinkEndpoint = endpoint(
  verifyMagicLink,
  async ({ request, context, body }) => {
    const { signIn, sessions } = context.requireIdentity();
    const personId = await signIn.useLink({
      token: body.token,
      browser: readCookie(request, browserCookie),
      isConfirmed: body.confirmed ?? false,
      consents: body.consents ?? [],
      locale: body.locale ?? "en",
    });
    const label = toBrowserLabel(request.headers.get("User-Agent"));
    const session = await sessions.open(personId, label);
    const former = readCookie(request, refreshCookie);
    if (former !== null) await sessions.leave(former, csrfTokenOf(request));
    return sessionAnswer(session);
  },
);
