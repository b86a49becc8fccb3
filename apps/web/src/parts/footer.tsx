import { t } from "../i18n/translate.ts";

export function Footer() {
  return (
    <footer class="foot">
      <p>{t("foot.claim")}</p>
      <ul>
        <li>
          <a href="/privacy">{t("policy.privacy")}</a>
        </li>
        <li>
          <a href="/terms">{t("policy.terms")}</a>
        </li>
        <li>
          <a href="/api/docs">{t("foot.api")}</a>
        </li>
        <li>
          <a href="/schemas/user_profile.v1.schema.json">{t("foot.schema")}</a>
        </li>
      </ul>
    </footer>
  );
}
