/** Says plainly what the network's state means for the data on the screen. */
import { t } from "../i18n/translate.ts";
import { isOffline, isUnreachable } from "../state/connectivity.ts";
import { home } from "../state/preferences.ts";
import { Icon } from "./icon.tsx";

export function Banners() {
  const text = bannerText();
  return (
    <div class="banner-place" role="status">
      {text && (
        <p class="banner">
          <Icon name="offline" />
          <span>{text}</span>
        </p>
      )}
    </div>
  );
}

function bannerText(): string | null {
  if (isOffline.value) return t(home.value === "live" ? "offline.live" : "offline.device");
  if (isUnreachable.value && home.value === "live") return t("offline.unreachable");
  return null;
}
