/**
 * The token of a link for signing in. It comes behind the number sign of `/sign-in#token=…`, and is
 * taken out of the address, and so out of the history, before the page does anything else. It is
 * held in memory alone: a reload forgets it, and the link in the mail brings it back.
 */
import { signal } from "@preact/signals";

const pagePath = "/sign-in";
const pattern = /^#token=([A-Za-z0-9_-]{1,200})$/;

/** The token that waits to be used; null when there is none. */
export const linkToken = signal<string | null>(null);

/** Takes it out of the address, now and whenever a link is opened on this very page. */
export function takeLinkToken(): void {
  readAddress();
  addEventListener("hashchange", readAddress);
}

function readAddress(): void {
  if (location.pathname !== pagePath || !location.hash.startsWith("#token=")) return;
  const [, token] = pattern.exec(location.hash) ?? [];
  history.replaceState(history.state, "", pagePath + location.search);
  // One that can't be right is said to be wrong by the same screen as one that was used.
  linkToken.value = token ?? "";
}
