/** People who sign in to a local server, by the mails of its outbox. */
import { cookieHeader, keepCookies } from "../../../../packages/core/test/support/cookies.ts";

const consents = ["gdpr_terms", "privacy_policy"];

export interface SignedIn {
  readonly personId: string;
  /** Their personal data. */
  read(): Promise<unknown>;
  change(fields: Readonly<Record<string, string>>): Promise<void>;
}

interface Mail {
  readonly to: string;
  readonly token: string;
}

/** Signs in, and up where need be. One at a time: it takes the newest mail. */
export async function signUp(url: string, email: string): Promise<SignedIn> {
  const cookies = new Map<string, string>();
  let csrfToken = "";
  const call = async <Body>(method: string, path: string, body?: unknown): Promise<Body> => {
    const headers: Record<string, string> = {
      Origin: url,
      Cookie: cookieHeader(cookies),
      "X-CSRF-Token": csrfToken,
    };
    const init: RequestInit = { method, headers };
    if (body !== undefined) {
      headers["Content-Type"] = "application/json";
      init.body = JSON.stringify(body);
    }
    const answer = await fetch(url + path, init);
    keepCookies(cookies, answer.headers.getSetCookie());
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return JSON.parse(text) as Body;
  };
  await call("POST", "/api/auth/magic-link", { email });
  const mails = await (
    await fetch(`${url}/dev/mailbox`, { headers: { Accept: "application/json" } })
  ).json();
  const mail = (mails as Mail[]).find(({ to }) => to === email);
  const session = await call<{ person_id: string; csrf_token: string }>(
    "POST",
    "/api/auth/verify",
    { token: mail?.token, consents },
  );
  csrfToken = session.csrf_token;
  return {
    personId: session.person_id,
    read: () => call("GET", "/api/me/personal-data"),
    change: async (fields) => {
      await call("PUT", "/api/me/personal-data", fields);
    },
  };
}
