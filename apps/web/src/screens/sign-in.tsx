/** Signing in: asking for a link, and using it. */
import { useLocation } from "preact-iso/router";
import { useEffect } from "preact/hooks";
import { LinkRequestForm } from "../parts/link-request-form.tsx";
import { LinkUse } from "../parts/link-use.tsx";
import { Loading } from "../parts/loading.tsx";
import { nextUrl } from "../parts/next-url.ts";
import { account } from "../state/account.ts";
import { linkToken } from "../state/link-token.ts";

export function SignInScreen() {
  const token = linkToken.value;
  if (token !== null) return <LinkUse key={token} token={token} />;
  // Also when somebody signs in in another tab, by the link that this one asked for.
  if (account.value.status === "in") return <GoOn />;
  return <LinkRequestForm />;
}

function GoOn() {
  const { query, route } = useLocation();
  useEffect(() => route(nextUrl(query["next"], "/account"), true), []);
  return <Loading />;
}
