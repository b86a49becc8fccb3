import { t } from "../i18n/translate.ts";
import { dismissToast, takeAction, toasts } from "../state/toasts.ts";
import { Icon } from "./icon.tsx";

export function ToastRegion() {
  return (
    <section class="toasts" aria-label={t("toast.region")}>
      {toasts.value.map((toast) => (
        <div key={toast.id} class={`toast toast-${toast.tone}`}>
          <p role={toast.tone === "problem" ? "alert" : "status"}>{toast.text}</p>
          <div class="toast-actions">
            {toast.action && (
              <button type="button" class="button-quiet" onClick={() => takeAction(toast)}>
                {toast.action.label}
              </button>
            )}
            <button
              type="button"
              class="button-icon"
              aria-label={t("toast.dismiss")}
              onClick={() => dismissToast(toast.id)}
            >
              <Icon name="close" />
            </button>
          </div>
        </div>
      ))}
    </section>
  );
}
