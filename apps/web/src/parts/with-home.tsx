/** Runs a screen once a home is open, and says what to do when none is. */
import type { ComponentChildren } from "preact";
import { useLocation } from "preact-iso/router";
import { useEffect } from "preact/hooks";
import { t } from "../i18n/translate.ts";
import { findAccount } from "../state/account.ts";
import { home, lastAccount } from "../state/preferences.ts";
import { type OpenHome, openDevice, session } from "../state/session.ts";
import { Icon } from "./icon.tsx";
import { Loading } from "./loading.tsx";
import { ErrorNote } from "./problem-note.tsx";

export function WithHome({ children }: { children: (open: OpenHome) => ComponentChildren }) {
  const current = session.value;
  useEffect(() => {
    if (current.status === "closed") void openDevice();
  }, [current.status]);
  switch (current.status) {
    case "open":
      return <>{children(current.open)}</>;
    case "closed":
    case "opening":
      return <Loading />;
    case "failed":
      return <ErrorNote error={current.error} onRetry={reopen} />;
    case "disconnected":
      return <Disconnected />;
  }
}

function reopen(): void {
  void (home.value === "live" ? findAccount() : openDevice());
}

/** What to do depends on what was there: an account that was logged out, or a token that a reload forgot. */
function Disconnected() {
  const { url } = useLocation();
  const next = `?next=${encodeURIComponent(url)}`;
  const isLoggedOut = lastAccount.value === "out";
  return (
    <div class="note">
      <Icon name={isLoggedOut ? "person" : "cloud"} />
      <div class="note-body">
        <p class="note-title">{t(isLoggedOut ? "account.out.title" : "connect.again.title")}</p>
        <p>{t(isLoggedOut ? "connect.out.advice" : "connect.again.advice")}</p>
        <p class="actions">
          {isLoggedOut && (
            <a class="button button-main" href={`/sign-in${next}`}>
              {t("sign_in.title")}
            </a>
          )}
          <a class={isLoggedOut ? "button" : "button button-main"} href={`/connect${next}`}>
            {t("connect.again.action")}
          </a>
        </p>
      </div>
    </div>
  );
}
