/** What a new account agrees to, in the words that are kept with the consent. */
import { useRef, useState } from "preact/hooks";
import {
  type ConsentPurpose,
  consentStatement,
  consentVersion,
  requiredPurposes,
} from "@hi-stranger/core/consent/statements";
import { currentLanguage, formatMonth, t } from "../i18n/translate.ts";
import { linkToken } from "../state/link-token.ts";
import { Icon } from "./icon.tsx";
import { Screen } from "./screen.tsx";

interface Props {
  readonly isBusy: boolean;
  readonly onConsent: (given: readonly ConsentPurpose[]) => void;
}

const urlsByPurpose = { gdpr_terms: "/terms", privacy_policy: "/privacy" } as const;

export function ConsentForm({ isBusy, onConsent }: Props) {
  const [given, setGiven] = useState<readonly ConsentPurpose[]>([]);
  const [isRefused, setIsRefused] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const isWhole = requiredPurposes.every((purpose) => given.includes(purpose));
  const version = formatMonth(consentVersion);

  function submit(): void {
    setIsRefused(!isWhole);
    if (isWhole) onConsent(given);
    else form.current?.querySelector<HTMLElement>("input:not(:checked)")?.focus();
  }

  return (
    <Screen
      key="consent"
      title={t("consent.title")}
      lead={t("consent.lead", { version })}
      width="narrow"
    >
      <form
        ref={form}
        class="panel sign-in"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) submit();
        }}
      >
        {requiredPurposes.map((purpose) => (
          <Consent
            key={purpose}
            purpose={purpose}
            isGiven={given.includes(purpose)}
            isRefused={isRefused && !given.includes(purpose)}
            onChange={(isGiven) =>
              setGiven(isGiven ? [...given, purpose] : given.filter((each) => each !== purpose))
            }
          />
        ))}
        <p class="field-error" id="consent-error" role="alert">
          {isRefused && !isWhole && t("consent.missing")}
        </p>
        <p class="actions">
          <button type="submit" class="button button-main" aria-disabled={isBusy}>
            {t("consent.submit")}
          </button>
          <a
            class="button"
            href="/"
            onClick={() => {
              linkToken.value = null;
            }}
          >
            {t("consent.decline")}
          </a>
        </p>
        <p class="hint">{t("consent.hint")}</p>
      </form>
    </Screen>
  );
}

interface ConsentProps {
  readonly purpose: ConsentPurpose;
  readonly isGiven: boolean;
  readonly isRefused: boolean;
  readonly onChange: (isGiven: boolean) => void;
}

function Consent({ purpose, isGiven, isRefused, onChange }: ConsentProps) {
  return (
    <div class="consent">
      <label class="check">
        <input
          type="checkbox"
          checked={isGiven}
          aria-required="true"
          aria-invalid={isRefused || undefined}
          aria-describedby={isRefused ? "consent-error" : undefined}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
        <span>{consentStatement(purpose, currentLanguage.value ?? "en")}</span>
      </label>
      {/* In another tab: this one holds the link's token, which a reload would forget. */}
      <a class="text-link" href={urlsByPurpose[purpose]} target="_blank" rel="noopener">
        <Icon name="eye" />
        {t(`consent.${purpose}`)}
        <span class="visually-hidden"> {t("consent.new_tab")}</span>
      </a>
    </div>
  );
}
