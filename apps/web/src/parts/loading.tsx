import { t } from "../i18n/translate.ts";

/** Says that something is on its way. It stays unseen for a moment, so that fast answers don't flicker. */
export function Loading({ label = t("shell.loading") }: { readonly label?: string }) {
  return (
    <div class="loading" role="status">
      <span class="loading-mark" aria-hidden="true" />
      <span>{label}</span>
    </div>
  );
}
