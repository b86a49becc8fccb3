import { t } from "../i18n/translate.ts";
import { hasShortcuts } from "../state/preferences.ts";
import { Icon } from "./icon.tsx";

const dialogId = "help";

export function openHelp(): void {
  const dialog = document.getElementById(dialogId);
  if (dialog instanceof HTMLDialogElement && !dialog.open) {
    document.getElementById("display-menu")?.hidePopover();
    dialog.showModal();
  }
}

function closeHelp(): void {
  const dialog = document.getElementById(dialogId);
  if (dialog instanceof HTMLDialogElement) dialog.close();
}

export function HelpDialog() {
  const keys = [
    ["?", t("help.key.help")],
    ["P", t("help.key.personas")],
    ["N", t("help.key.new")],
    ["I", t("help.key.transfer")],
    ["/", t("help.key.filter")],
  ] as const;
  return (
    <dialog id={dialogId} class="dialog" aria-labelledby="help-title" closedby="any">
      <div class="dialog-head">
        <h2 id="help-title">{t("help.title")}</h2>
        <button type="button" class="button-icon" aria-label={t("help.close")} onClick={closeHelp}>
          <Icon name="close" />
        </button>
      </div>
      <dl class="keys">
        {keys.map(([key, text]) => (
          <div key={key} class={hasShortcuts.value ? "" : "is-off"}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>Ctrl</kbd> <kbd>Z</kbd>
          </dt>
          <dd>{t("help.key.undo")}</dd>
        </div>
        <div>
          <dt>
            <kbd>←</kbd> <kbd>→</kbd> <kbd>↑</kbd> <kbd>↓</kbd>
          </dt>
          <dd>{t("help.key.cards")}</dd>
        </div>
        <div>
          <dt>
            <kbd>Esc</kbd>
          </dt>
          <dd>{t("help.key.escape")}</dd>
        </div>
      </dl>
      <p class="hint">{t(hasShortcuts.value ? "help.shortcuts_on" : "help.shortcuts_off")}</p>
    </dialog>
  );
}
