/** What comes of a link: in at once, a question first, or why it doesn't work. */
import { useEffect, useState } from "preact/hooks";
import { StoreError } from "@hi-stranger/core/errors";
import { type ConsentPurpose, consentVersion } from "@hi-stranger/core/consent/statements";
import { hasCode } from "../i18n/problems.ts";
import { currentLanguage, t } from "../i18n/translate.ts";
import { signIn } from "../state/account.ts";
import { linkToken } from "../state/link-token.ts";
import { showToast } from "../state/toasts.ts";
import { ConsentForm } from "./consent-form.tsx";
import { Icon } from "./icon.tsx";
import { Loading } from "./loading.tsx";
import { ErrorNote, ProblemNote } from "./problem-note.tsx";
import { Screen } from "./screen.tsx";

type Stage =
  | { readonly name: "checking" | "confirm" | "consent" | "invalid" | "stale" }
  | { readonly name: "failed"; readonly error: unknown };

export function LinkUse({ token }: { readonly token: string }) {
  const [stage, setStage] = useState<Stage>({ name: token === "" ? "invalid" : "checking" });
  const [isConfirmed, setIsConfirmed] = useState(false);
  const [isBusy, setIsBusy] = useState(false);

  async function submit(confirmed: boolean, consents: readonly ConsentPurpose[]): Promise<void> {
    setIsBusy(true);
    setIsConfirmed(confirmed);
    try {
      const locale = currentLanguage.peek() ?? "en";
      await signIn({ token, confirmed, consents: [...consents], locale });
      linkToken.value = null;
      showToast({ text: t("toast.signed_in"), tone: "done" });
    } catch (error) {
      setStage(stageAfter(error));
      setIsBusy(false);
    }
  }

  useEffect(() => {
    if (token !== "") void submit(false, []);
  }, []);

  switch (stage.name) {
    case "checking":
      return (
        <Screen key="checking" title={t("sign_in.title")} width="narrow">
          <Loading label={t("link.checking")} />
        </Screen>
      );
    case "confirm":
      return <Confirm isBusy={isBusy} onConfirm={() => void submit(true, [])} />;
    case "consent":
      return <ConsentForm isBusy={isBusy} onConsent={(given) => void submit(isConfirmed, given)} />;
    case "invalid":
      return <Invalid />;
    case "stale":
      return (
        <Screen key="stale" title={t("sign_in.title")} width="narrow">
          <ProblemNote title={t("problem.stale.title")} advice={t("problem.stale.advice")} />
        </Screen>
      );
    case "failed":
      return (
        <Screen key="failed" title={t("sign_in.title")} width="narrow">
          <ErrorNote error={stage.error} onRetry={() => void submit(isConfirmed, [])} />
        </Screen>
      );
  }
}

function stageAfter(error: unknown): Stage {
  if (hasCode(error, "confirmation_required")) return { name: "confirm" };
  if (hasCode(error, "link_invalid")) return { name: "invalid" };
  if (error instanceof StoreError && error.code === "consent_required") {
    // The texts that this page has must be the ones that the server keeps the consent to.
    const isOurs = error.extra.members?.["policy_version"] === consentVersion;
    return { name: isOurs ? "consent" : "stale" };
  }
  return { name: "failed", error };
}

function Confirm({ isBusy, onConfirm }: { isBusy: boolean; onConfirm: () => void }) {
  return (
    <Screen key="confirm" title={t("link.confirm.title")} width="narrow">
      <div class="panel sign-in">
        <p>{t("link.confirm.text")}</p>
        <p class="hint">{t("link.confirm.hint")}</p>
        <p class="actions">
          <button
            type="button"
            class="button button-main"
            aria-disabled={isBusy}
            onClick={() => {
              if (!isBusy) onConfirm();
            }}
          >
            <Icon name="check" />
            {t("link.confirm.yes")}
          </button>
          <a class="button" href="/" onClick={forget}>
            {t("link.confirm.no")}
          </a>
        </p>
      </div>
    </Screen>
  );
}

function Invalid() {
  return (
    <Screen
      key="invalid"
      title={t("link.invalid.title")}
      lead={t("link.invalid.text")}
      width="narrow"
    >
      <p class="actions">
        <button type="button" class="button button-main" onClick={forget}>
          <Icon name="mail" />
          {t("link.invalid.action")}
        </button>
      </p>
    </Screen>
  );
}

function forget(): void {
  linkToken.value = null;
}
