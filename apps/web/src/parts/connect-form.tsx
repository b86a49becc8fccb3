/** Connects to LIVE with a service token. */
import { useLocation } from "preact-iso/router";
import { useRef, useState } from "preact/hooks";
import { describeProblem } from "../i18n/problems.ts";
import { t } from "../i18n/translate.ts";
import { connect } from "../state/session.ts";
import { showToast } from "../state/toasts.ts";
import { tokenCommandFor } from "../state/token-command.ts";
import { CopyCommand } from "./copy-command.tsx";
import { Icon } from "./icon.tsx";
import { nextUrl } from "./next-url.ts";
import { ErrorNote } from "./problem-note.tsx";
import type { Server } from "./use-server.ts";

export function ConnectForm({ server }: { readonly server: Server }) {
  const { query, route } = useLocation();
  const [token, setToken] = useState("");
  const [isShown, setIsShown] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [isMissing, setIsMissing] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const isRefused = error !== null && describeProblem(error).remedy === "connect";
  const isOpenForReading = server.ping?.mode === "prototype";

  async function submit(given: string | undefined): Promise<void> {
    setIsBusy(true);
    setError(null);
    try {
      const { canRead } = await connect(given);
      showToast({ text: t(canRead ? "connect.done" : "connect.done_import_only"), tone: "done" });
      route(canRead ? nextUrl(query["next"], "/personas") : "/import");
    } catch (reason) {
      setError(reason);
      setIsBusy(false);
      // Another token is what helps: what is typed or pasted now replaces this one.
      if (describeProblem(reason).remedy === "connect") {
        field.current?.focus();
        field.current?.select();
      }
    }
  }

  return (
    <form
      class={isOpenForReading ? undefined : "by-token"}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const given = token.trim();
        setIsMissing(given === "");
        if (given === "") field.current?.focus();
        else if (!isBusy) void submit(given);
      }}
    >
      <div class="field">
        <label class="field-label" for="token">
          {t("connect.token")}
        </label>
        <div class="field-row">
          <input
            id="token"
            ref={field}
            {...(isShown ? { type: "text" } : { type: "password" })}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            dir="ltr"
            value={token}
            aria-describedby="token-hint token-error"
            aria-invalid={isMissing || isRefused || undefined}
            aria-required="true"
            onInput={(event) => setToken(event.currentTarget.value)}
          />
          <button
            type="button"
            class="button-icon"
            aria-pressed={isShown}
            aria-label={t("connect.token.show")}
            onClick={() => setIsShown(!isShown)}
          >
            <Icon name="eye" />
          </button>
        </div>
        <p class="hint" id="token-hint">
          {t("connect.memory_only")}
        </p>
        <p class="field-error" id="token-error">
          {isMissing && t("connect.token.missing")}
        </p>
      </div>
      {error !== null && <ErrorNote error={error} onRetry={() => void submit(token.trim())} />}
      <p class="actions">
        <button
          type="submit"
          class={isOpenForReading ? "button button-main" : "button"}
          aria-disabled={isBusy}
        >
          {t(isBusy ? "connect.busy" : "connect.submit")}
        </button>
        {isOpenForReading && (
          <button type="button" class="button" onClick={() => void submit(undefined)}>
            {t("connect.without")}
          </button>
        )}
      </p>
      <details class="how">
        <summary>{t("connect.how")}</summary>
        <p>{t("connect.how.text")}</p>
        <CopyCommand command={tokenCommandFor(location.origin)} />
        <p class="hint">{t("connect.how.scopes")}</p>
      </details>
    </form>
  );
}

/** What the server says it is, or that none answers. */
export function ServerLine({ ping, error }: Server) {
  const text = ping
    ? t(ping.mode === "prototype" ? "connect.server.prototype" : "connect.server.live", {
        env: ping.env,
        version: ping.version,
      })
    : error === null
      ? t("connect.server.asking")
      : t("connect.server.none");
  const tone = ping ? "is-up" : error === null ? "" : "is-down";
  return (
    <p class={`server-line ${tone}`} role="status">
      {text}
    </p>
  );
}
