/** Where the data lives: this device, or LIVE with a service token. */
import { useLocation } from "preact-iso/router";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Ping } from "@hi-stranger/sdk/client";
import { describeProblem } from "../i18n/problems.ts";
import { t } from "../i18n/translate.ts";
import { CopyCommand } from "../parts/copy-command.tsx";
import { Icon } from "../parts/icon.tsx";
import { ErrorNote } from "../parts/problem-note.tsx";
import { Screen } from "../parts/screen.tsx";
import { home } from "../state/preferences.ts";
import { askServer, connect, disconnect, session, useDevice } from "../state/session.ts";
import { showToast } from "../state/toasts.ts";
import { tokenCommandFor } from "../state/token-command.ts";

export function ConnectScreen() {
  const isOpen = session.value.status === "open";
  const isLive = home.value === "live";
  return (
    <Screen title={t("connect.title")} lead={t("connect.lead")}>
      <div class="homes">
        <section class={isLive ? "panel" : "panel is-here"} aria-labelledby="home-device">
          <h2 id="home-device">
            <Icon name="device" />
            {t("home.device")}
            {!isLive && <span class="tag">{t("home.here")}</span>}
          </h2>
          <p>{t("welcome.device.text")}</p>
          <p class="hint">{t("welcome.device.hint")}</p>
          {isLive && (
            <p class="actions">
              <button type="button" class="button" onClick={useDevice}>
                {t("connect.use_device")}
              </button>
            </p>
          )}
        </section>
        <section class={isLive ? "panel is-here" : "panel"} aria-labelledby="home-live">
          <h2 id="home-live">
            <Icon name="cloud" />
            {t("home.live")}
            {isLive && <span class="tag">{t(isOpen ? "home.here" : "connect.forgotten")}</span>}
          </h2>
          {isLive && isOpen ? <Connected /> : <ConnectForm />}
        </section>
      </div>
    </Screen>
  );
}

function Connected() {
  const { query } = useLocation();
  // Who comes from where the token was too weak is here for another.
  const leave = query["next"] === undefined ? "connect.disconnect" : "problem.connect";
  return (
    <>
      <p>{t("connect.connected")}</p>
      <p class="hint">{t("connect.memory_only")}</p>
      <p class="actions">
        <a class="button button-main" href="/personas">
          {t("nav.personas")}
        </a>
        <button type="button" class="button" onClick={disconnect}>
          {t(leave)}
        </button>
      </p>
    </>
  );
}

function ConnectForm() {
  const { query, route } = useLocation();
  const [token, setToken] = useState("");
  const [isShown, setIsShown] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [isMissing, setIsMissing] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const server = useServer();
  const isRefused = error !== null && describeProblem(error).remedy === "connect";
  const isOpenForReading = server.ping?.mode === "prototype";

  async function submit(given: string | undefined): Promise<void> {
    setIsBusy(true);
    setError(null);
    try {
      const { canRead } = await connect(given);
      showToast({ text: t(canRead ? "connect.done" : "connect.done_import_only"), tone: "done" });
      route(canRead ? nextUrl(query["next"]) : "/import");
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
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const given = token.trim();
        setIsMissing(given === "");
        if (given === "") field.current?.focus();
        else if (!isBusy) void submit(given);
      }}
    >
      <p>{t("welcome.live.text")}</p>
      <ServerLine {...server} />
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
        <button type="submit" class="button button-main" aria-disabled={isBusy}>
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

interface Server {
  readonly ping: Ping | null;
  readonly error: unknown;
}

function useServer(): Server {
  const [server, setServer] = useState<Server>({ ping: null, error: null });
  useEffect(() => {
    const controller = new AbortController();
    askServer(controller.signal).then(
      (ping) => setServer({ ping, error: null }),
      (error: unknown) => {
        if (!controller.signal.aborted) setServer({ ping: null, error });
      },
    );
    return () => controller.abort();
  }, []);
  return server;
}

function ServerLine({ ping, error }: Server) {
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

/** Where the person was; an address of ours or the list. */
function nextUrl(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])/.test(next) && !next.startsWith("/connect")
    ? next
    : "/personas";
}
