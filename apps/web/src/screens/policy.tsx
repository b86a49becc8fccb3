/** The texts that an account agrees to, in full. */
import { consentVersion } from "@hi-stranger/core/consent/statements";
import type { Language } from "../i18n/languages.ts";
import { currentLanguage, formatMonth, t } from "../i18n/translate.ts";
import { Loading } from "../parts/loading.tsx";
import { ErrorNote } from "../parts/problem-note.tsx";
import { Screen } from "../parts/screen.tsx";
import { useAnswer } from "../parts/use-answer.ts";
import type { Policies, PolicyName } from "../policies/policy.ts";

const loadersByLanguage: Record<Language, () => Promise<Policies>> = {
  en: async () => (await import("../policies/en.ts")).en,
  de: async () => (await import("../policies/de.ts")).de,
  es: async () => (await import("../policies/es.ts")).es,
  pt: async () => (await import("../policies/pt.ts")).pt,
};

export function TermsScreen() {
  return <Policy name="terms" />;
}

export function PrivacyScreen() {
  return <Policy name="privacy" />;
}

function Policy({ name }: { readonly name: PolicyName }) {
  const language = currentLanguage.value ?? "en";
  const { answer, retry } = useAnswer(() => loadersByLanguage[language](), language);
  return (
    <Screen
      title={t(`policy.${name}`)}
      lead={t("policy.version", { version: formatMonth(consentVersion) })}
      width="narrow"
    >
      {answer.status === "loading" && <Loading />}
      {answer.status === "failed" && <ErrorNote error={answer.error} onRetry={retry} />}
      {answer.status === "ready" &&
        answer.value[name].map(({ title, text }) => (
          <section key={title} class="policy">
            <h2>{title}</h2>
            {text.map((paragraph) => (
              <p key={paragraph}>{paragraph}</p>
            ))}
          </section>
        ))}
    </Screen>
  );
}
