import { t } from "../i18n/translate.ts";
import { Screen } from "../parts/screen.tsx";

export function NotFoundScreen() {
  return (
    <Screen title={t("missing.title")} lead={t("missing.text")} width="narrow">
      <p class="actions">
        <a class="button button-main" href="/">
          {t("missing.home")}
        </a>
        <a class="button" href="/personas">
          {t("nav.personas")}
        </a>
      </p>
    </Screen>
  );
}
