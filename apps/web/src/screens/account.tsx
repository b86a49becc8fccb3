/** One's own account: personal data, personas, and where one is signed in. */
import { useLocation } from "preact-iso/router";
import { t } from "../i18n/translate.ts";
import { AccountPersonas } from "../parts/account-personas.tsx";
import { AccountSessions } from "../parts/account-sessions.tsx";
import { Icon } from "../parts/icon.tsx";
import { Loading } from "../parts/loading.tsx";
import { PersonalDataPanel } from "../parts/personal-data-panel.tsx";
import { ErrorNote } from "../parts/problem-note.tsx";
import { Screen } from "../parts/screen.tsx";
import { account, findAccount } from "../state/account.ts";

export function AccountScreen() {
  const current = account.value;
  if (current.status === "out") return <SignedOut />;
  return (
    <Screen title={t("account.title")} lead={t("account.lead")}>
      {current.status === "finding" && <Loading />}
      {current.status === "failed" && (
        <ErrorNote error={current.error} onRetry={() => void findAccount()} />
      )}
      {current.status === "in" && (
        // Another person's page starts anew.
        <div class="account" key={current.personId}>
          <p class="note sealed">
            <Icon name="lock" />
            <span>{t("account.sealed")}</span>
          </p>
          <PersonalDataPanel person={current.person} />
          <div class="account-side">
            <AccountPersonas person={current.person} />
            <AccountSessions person={current.person} />
          </div>
        </div>
      )}
    </Screen>
  );
}

function SignedOut() {
  const { url } = useLocation();
  return (
    <Screen key="out" title={t("account.out.title")} lead={t("account.out.text")} width="narrow">
      <p class="actions">
        <a class="button button-main" href={`/sign-in?next=${encodeURIComponent(url)}`}>
          <Icon name="person" />
          {t("sign_in.title")}
        </a>
      </p>
    </Screen>
  );
}
