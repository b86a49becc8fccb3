/** Runs a screen once a home is open, and says what to do when none is. */
import type { ComponentChildren } from "preact";
import { useLocation } from "preact-iso/router";
import { useEffect } from "preact/hooks";
import { t } from "../i18n/translate.ts";
import { type OpenHome, openDevice, session } from "../state/session.ts";
import { Icon } from "./icon.tsx";
import { Loading } from "./loading.tsx";
import { ErrorNote } from "./problem-note.tsx";

export function WithHome({ children }: { children: (open: OpenHome) => ComponentChildren }) {
  const { url } = useLocation();
  const current = session.value;
  useEffect(() => {
    if (current.status === "closed") void openDevice();
  }, [current.status]);
  switch (current.status) {
    case "open":
      return <>{children(current.open)}</>;
    case "closed":
    case "opening":
      return <Loading />;
    case "failed":
      return <ErrorNote error={current.error} onRetry={() => void openDevice()} />;
    case "disconnected":
      return (
        <div class="note">
          <Icon name="cloud" />
          <div class="note-body">
            <p class="note-title">{t("connect.again.title")}</p>
            <p>{t("connect.again.advice")}</p>
            <p class="actions">
              <a class="button button-main" href={`/connect?next=${encodeURIComponent(url)}`}>
                {t("connect.again.action")}
              </a>
            </p>
          </div>
        </div>
      );
  }
}
