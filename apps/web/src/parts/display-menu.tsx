import { languages } from "../i18n/languages.ts";
import type { Language } from "../i18n/languages.ts";
import { t } from "../i18n/translate.ts";
import { hasShortcuts, language, theme } from "../state/preferences.ts";
import type { Theme } from "../state/preferences.ts";
import { openHelp } from "./help-dialog.tsx";
import { Icon } from "./icon.tsx";

const themes: readonly Theme[] = ["system", "light", "dark"];

export function DisplayMenu() {
  return (
    <>
      <button type="button" class="button-icon" popovertarget="display-menu">
        <Icon name="sliders" />
        <span class="visually-hidden">{t("display.title")}</span>
      </button>
      <div
        id="display-menu"
        class="menu"
        popover="auto"
        role="group"
        aria-label={t("display.title")}
      >
        <fieldset class="segments">
          <legend>{t("display.theme")}</legend>
          <div class="segment-row">
            {themes.map((value) => (
              <label key={value} class="segment">
                <input
                  type="radio"
                  name="theme"
                  value={value}
                  checked={theme.value === value}
                  onChange={() => {
                    theme.value = value;
                  }}
                />
                <span>{t(`display.theme.${value}`)}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <label class="field">
          <span class="field-label">{t("display.language")}</span>
          <select
            value={language.value}
            onChange={(event) => {
              language.value = event.currentTarget.value as Language;
            }}
          >
            {Object.entries(languages).map(([code, { name }]) => (
              <option key={code} value={code} lang={code}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={hasShortcuts.value}
            onChange={(event) => {
              hasShortcuts.value = event.currentTarget.checked;
            }}
          />
          <span>{t("display.shortcuts")}</span>
        </label>
        <button type="button" class="button" onClick={openHelp}>
          {t("help.title")}
        </button>
      </div>
    </>
  );
}
