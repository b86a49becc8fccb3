/** Asks for a link: one field, and then where to look for what came of it. */
import { useEffect, useRef, useState } from "preact/hooks";
import { systemClock } from "@hi-stranger/core/clock";
import { hasCode, isTooMany, secondsToWait } from "../i18n/problems.ts";
import { currentLanguage, formatDuration, t } from "../i18n/translate.ts";
import { openPersonClient } from "../state/account.ts";
import { Icon } from "./icon.tsx";
import { MailSent } from "./mail-sent.tsx";
import { ErrorNote } from "./problem-note.tsx";
import { Screen } from "./screen.tsx";
import { useCountdown } from "./use-countdown.ts";
import { useServer } from "./use-server.ts";

type Fault = "missing" | "invalid" | null;

/** What every address has; the server and its mail are the judges of the rest. */
const addressPattern = /^[^\s@]+@[^\s@]+$/;

export function LinkRequestForm() {
  const { ping } = useServer();
  const [email, setEmail] = useState("");
  const [isSent, setIsSent] = useState(false);
  if (ping?.mode === "prototype") return <NoAccounts />;
  if (isSent) {
    return (
      <MailSent
        email={email}
        hasMailbox={ping?.env === "local"}
        onOther={() => setIsSent(false)}
        send={() => sendLink(email)}
      />
    );
  }
  return (
    <Screen key="form" title={t("sign_in.title")} lead={t("sign_in.lead")} width="narrow">
      <AddressForm email={email} onChange={setEmail} onSent={() => setIsSent(true)} />
    </Screen>
  );
}

async function sendLink(email: string): Promise<void> {
  const person = await openPersonClient();
  await person.requestLink({ email: email.trim(), locale: currentLanguage.peek() ?? "en" });
}

interface FormProps {
  readonly email: string;
  readonly onChange: (email: string) => void;
  readonly onSent: () => void;
}

function AddressForm({ email, onChange, onSent }: FormProps) {
  const [fault, setFault] = useState<Fault>(null);
  const [error, setError] = useState<unknown>(null);
  const [waitUntilMs, setWaitUntilMs] = useState(0);
  const [isBusy, setIsBusy] = useState(false);
  const secondsLeft = useCountdown(waitUntilMs);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  function refuse(found: Fault): void {
    setFault(found);
    field.current?.focus();
  }

  async function submit(): Promise<void> {
    setIsBusy(true);
    setError(null);
    try {
      await sendLink(email);
      onSent();
    } catch (reason) {
      setIsBusy(false);
      if (hasCode(reason, "invalid_body")) refuse("invalid");
      else if (isTooMany(reason)) setWaitUntilMs(systemClock.now() + secondsToWait(reason) * 1000);
      else setError(reason);
    }
  }

  return (
    <form
      class="panel sign-in"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (isBusy || secondsLeft > 0) return;
        const found = faultOf(email);
        setFault(found);
        if (found) refuse(found);
        else void submit();
      }}
    >
      <div class="field">
        <label class="field-label" for="email">
          {t("sign_in.email")}
        </label>
        <input
          id="email"
          ref={field}
          type="email"
          inputMode="email"
          autocomplete="email"
          autocapitalize="off"
          spellcheck={false}
          dir="ltr"
          value={email}
          aria-describedby="email-use email-error"
          aria-invalid={fault ? true : undefined}
          aria-required="true"
          onInput={(event) => {
            onChange(event.currentTarget.value);
            setFault(null);
          }}
        />
        <p class="field-error" id="email-error">
          {fault && t(`sign_in.email.${fault}`)}
        </p>
        <p class="hint with-icon" id="email-use">
          <Icon name="lock" />
          <span>{t("sign_in.email.use")}</span>
        </p>
      </div>
      {error !== null && <ErrorNote error={error} onRetry={() => void submit()} />}
      <p role="status">
        {secondsLeft > 0 && t("sign_in.wait", { duration: formatDuration(secondsLeft) })}
      </p>
      <p class="actions">
        <button type="submit" class="button button-main" aria-disabled={isBusy || secondsLeft > 0}>
          <Icon name="mail" />
          {t(isBusy ? "sign_in.sending" : "sign_in.send")}
        </button>
      </p>
    </form>
  );
}

function faultOf(email: string): Fault {
  const text = email.trim();
  if (text === "") return "missing";
  return addressPattern.test(text) ? null : "invalid";
}

function NoAccounts() {
  return (
    <Screen key="none" title={t("sign_in.none.title")} lead={t("sign_in.none.text")} width="narrow">
      <p class="actions">
        <a class="button button-main" href="/personas">
          {t("welcome.browse")}
        </a>
      </p>
    </Screen>
  );
}
