/** Where to look for the link, and how to get another. */
import { useState } from "preact/hooks";
import { systemClock } from "@hi-stranger/core/clock";
import { isTooMany, secondsToWait } from "../i18n/problems.ts";
import { formatDuration, rich, t } from "../i18n/translate.ts";
import { announce } from "../state/announcer.ts";
import { Icon } from "./icon.tsx";
import { ErrorNote } from "./problem-note.tsx";
import { Screen } from "./screen.tsx";
import { useCountdown } from "./use-countdown.ts";

/** Mail takes a moment; asking again at once would only bring two. */
const pauseSeconds = 30;

interface Props {
  readonly email: string;
  /** Whether this server keeps its mails for itself, as local ones do. */
  readonly hasMailbox: boolean;
  readonly onOther: () => void;
  /** Sends another link. Rejects when that fails. */
  readonly send: () => Promise<void>;
}

export function MailSent({ email, hasMailbox, onOther, send }: Props) {
  return (
    <Screen
      key="sent"
      title={t("sent.title")}
      lead={rich("sent.lead", {
        email: (
          <bdi class="address" dir="ltr">
            {email.trim()}
          </bdi>
        ),
      })}
      width="narrow"
    >
      <div class="panel sign-in">
        <ul class="steps">
          <li>{t("sent.once")}</li>
          <li>{t("sent.here")}</li>
          <li>{t("sent.missing")}</li>
        </ul>
        {hasMailbox && (
          <p class="note">
            <Icon name="mail" />
            <a href="/dev/mailbox">{t("sent.mailbox")}</a>
          </p>
        )}
        <Again send={send} onOther={onOther} />
      </div>
    </Screen>
  );
}

function Again({ send, onOther }: Pick<Props, "send" | "onOther">) {
  const [untilMs, setUntilMs] = useState(() => systemClock.now() + pauseSeconds * 1000);
  const [error, setError] = useState<unknown>(null);
  const secondsLeft = useCountdown(untilMs);

  async function sendAgain(): Promise<void> {
    setUntilMs(systemClock.now() + pauseSeconds * 1000);
    setError(null);
    try {
      await send();
      announce(t("sent.resent"));
    } catch (reason) {
      const seconds = isTooMany(reason) ? secondsToWait(reason) : 0;
      setUntilMs(systemClock.now() + seconds * 1000);
      setError(reason);
    }
  }

  return (
    <>
      {error !== null && <ErrorNote error={error} />}
      <p class="actions">
        <button
          type="button"
          class="button"
          aria-disabled={secondsLeft > 0}
          onClick={() => {
            if (secondsLeft === 0) void sendAgain();
          }}
        >
          {secondsLeft > 0
            ? t("sent.again_in", { duration: formatDuration(secondsLeft) })
            : t("sent.again")}
        </button>
        <button type="button" class="button" onClick={onOther}>
          {t("sent.other")}
        </button>
      </p>
    </>
  );
}
