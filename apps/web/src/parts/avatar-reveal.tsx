/** A picture from somebody else's server is shown when the person asks for it: loading it tells that server they look. */
import { useState } from "preact/hooks";
import { t } from "../i18n/translate.ts";
import { Icon } from "./icon.tsx";

export function AvatarReveal({ url }: { readonly url: string }) {
  const [state, setState] = useState<"hidden" | "shown" | "failed">("hidden");
  if (!URL.canParse(url) || new URL(url).protocol !== "https:") return null;
  const { host } = new URL(url);
  return (
    <div class="avatar" role="status">
      {state === "hidden" && (
        <button type="button" class="button" onClick={() => setState("shown")}>
          <Icon name="eye" />
          {t("avatar.show", { host })}
        </button>
      )}
      {state === "shown" && (
        <img
          src={url}
          alt={t("avatar.alt")}
          width={128}
          height={128}
          referrerpolicy="no-referrer"
          onError={() => setState("failed")}
        />
      )}
      {state === "failed" && <p class="hint">{t("avatar.failed", { host })}</p>}
    </div>
  );
}
