/**
 * Who is signed in, in this tab and in the others.
 *
 * The session lives in cookies that no script reads; what is kept here is whose it is, and in
 * localStorage the token that our requests name beside the cookies, and that there was a session, so
 * that pages of people without an account ask nobody.
 * Tabs tell each other when somebody signs in or out.
 */
import { signal } from "@preact/signals";
import type { LinkUse, PersonClient } from "@hi-stranger/sdk/person-client";
import { dropDrafts } from "../form/draft.ts";
import { t } from "../i18n/translate.ts";
import { csrfTokens } from "./csrf-tokens.ts";
import { home, lastAccount } from "./preferences.ts";
import { disconnect, openAccount, session, setOpening, watchedFetch } from "./session.ts";
import { dismissAccountToasts, showToast } from "./toasts.ts";

export type Account =
  | { readonly status: "finding" | "out" }
  | { readonly status: "in"; readonly personId: string; readonly person: PersonClient }
  | { readonly status: "failed"; readonly error: unknown };

export const account = signal<Account>({
  status: lastAccount.value === "in" ? "finding" : "out",
});

type News = "in" | "out";
const otherTabs = new BroadcastChannel("hs.account");
const refreshLock = "hs.refresh";

/** A client for whoever is, or gets, signed in here. Each person has one of their own, which finds nobody else. */
export async function openPersonClient(): Promise<PersonClient> {
  const { createPersonClient } = await import("@hi-stranger/sdk/person-client");
  const person = createPersonClient({
    baseUrl: location.origin,
    fetch: watchedFetch,
    csrfTokens,
    // A refresh token that two tabs use at once would end the session.
    exclusively: (work) => navigator.locks.request(refreshLock, work),
    onEnd() {
      if (account.value.status !== "in" || account.value.person !== person) return;
      showToast({ text: t("toast.session_over"), tone: "problem" });
      leave();
    },
  });
  return person;
}

/** Goes on with the session of this browser, if there was one, and listens to the other tabs. */
export function watchAccount(): void {
  if (lastAccount.value === "in") void findAccount();
  otherTabs.addEventListener("message", ({ data }: MessageEvent<News>) => {
    if (data === "in") void findAccount();
    else forget();
  });
  addEventListener("online", () => {
    if (account.value.status === "failed") void findAccount();
  });
}

/** Asks the server who is signed in in this browser. Never rejects. */
export async function findAccount(): Promise<void> {
  if (account.value.status !== "in") account.value = { status: "finding" };
  if (isWaitingForAccount()) setOpening(null);
  try {
    const isSame = account.value.status === "in" && (await account.value.person.findSession());
    if (isSame && !isWaitingForAccount()) return;
    const person = await openPersonClient();
    const found = await person.findSession();
    if (found) await enter(person, found.person_id);
    else leave();
  } catch (error) {
    account.value = { status: "failed", error };
    if (isWaitingForAccount()) setOpening({ error });
  }
}

/**
 * Signs in by a link's token.
 *
 * @throws {StoreError} as the client's `useLink`.
 */
export async function signIn(use: LinkUse): Promise<void> {
  const person = await openPersonClient();
  const { person_id: personId } = await person.useLink(use);
  home.value = "live";
  await enter(person, personId);
  otherTabs.postMessage("in" satisfies News);
}

/** Logs out here or everywhere. @throws {StoreError} when the server can't be reached. */
export async function logOut(isEverywhere: boolean): Promise<void> {
  const person = account.value.status === "in" ? account.value.person : await openPersonClient();
  await person.logOut({ isEverywhere });
  otherTabs.postMessage("out" satisfies News);
  forget();
  showToast({
    text: t(isEverywhere ? "toast.signed_out_everywhere" : "toast.signed_out"),
    tone: "done",
  });
}

/** Works with LIVE by the account that is signed in, rather than by a token or on this device. */
export async function useAccount(): Promise<void> {
  if (account.value.status !== "in") return;
  setOpening(null);
  try {
    await openAccount(account.value.person, account.value.personId);
  } catch (error) {
    home.value = "live";
    setOpening({ error });
  }
}

async function enter(person: PersonClient, personId: string): Promise<void> {
  if (account.value.status !== "in" || account.value.personId !== personId) dismissAccountToasts();
  account.value = { status: "in", personId, person };
  lastAccount.value = "in";
  const { status } = session.value;
  const isByToken = status === "open" && session.value.open.client && !session.value.open.owner;
  if (home.value === "live" && !isByToken) await useAccount();
}

/** Leaves on purpose: the next person at this browser shall not find what this one was writing. */
function forget(): void {
  leave();
  dropDrafts("live.");
}

function leave(): void {
  dismissAccountToasts();
  account.value = { status: "out" };
  if (lastAccount.value !== null) lastAccount.value = "out";
  const current = session.value;
  const isTheirs = current.status === "open" && current.open.owner !== null;
  if (isTheirs || isWaitingForAccount()) disconnect();
}

/** Whether LIVE is shown, and nothing but an account could open it by itself. */
function isWaitingForAccount(): boolean {
  const { status } = session.value;
  return home.value === "live" && (status === "opening" || status === "failed");
}
