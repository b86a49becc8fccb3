/** Warns while it is being typed of what should not be in a persona. */
import { findPersonalText } from "@hi-stranger/sdk/personal-data";
import { t } from "../i18n/translate.ts";
import { home } from "../state/preferences.ts";
import { Icon } from "./icon.tsx";

export function PersonalDataHint({ text }: { readonly text: string }) {
  const [first] = findPersonalText(text);
  return (
    <div role="status">
      {first && (
        <p class="field-warning">
          <Icon name="eye" />
          <span>
            {t(`personal.${first.kind}`, { text: text.slice(first.start, first.end) })}{" "}
            {t(home.value === "device" ? "personal.device" : "personal.live")}
          </span>
        </p>
      )}
    </div>
  );
}
