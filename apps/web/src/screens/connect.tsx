/** Where the data lives: this device, or LIVE by an account or a service token. */
import { useLocation } from "preact-iso/router";
import { useState } from "preact/hooks";
import { t } from "../i18n/translate.ts";
import { ConnectForm, ServerLine } from "../parts/connect-form.tsx";
import { Icon } from "../parts/icon.tsx";
import { nextUrl } from "../parts/next-url.ts";
import { Screen } from "../parts/screen.tsx";
import { useServer } from "../parts/use-server.ts";
import { account, useAccount } from "../state/account.ts";
import { home } from "../state/preferences.ts";
import { disconnect, session, useDevice } from "../state/session.ts";

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
          {isLive && isOpen ? <Connected /> : <Ways />}
        </section>
      </div>
    </Screen>
  );
}

/** The two ways into LIVE: an account, and a token. */
function Ways() {
  const server = useServer();
  return (
    <>
      <p>{t("welcome.live.text")}</p>
      <ServerLine {...server} />
      {server.ping?.mode !== "prototype" && <ByAccount />}
      <ConnectForm server={server} />
    </>
  );
}

function ByAccount() {
  const { query } = useLocation();
  const isSignedIn = account.value.status === "in";
  const next = encodeURIComponent(nextUrl(query["next"], "/personas"));
  return (
    <>
      <p>{t(isSignedIn ? "connect.account.in" : "connect.account")}</p>
      <p class="actions">
        {isSignedIn ? (
          <button type="button" class="button button-main" onClick={() => void useAccount()}>
            <Icon name="person" />
            {t("own.use")}
          </button>
        ) : (
          <a class="button button-main" href={`/sign-in?next=${next}`}>
            <Icon name="person" />
            {t("sign_in.title")}
          </a>
        )}
      </p>
    </>
  );
}

function Connected() {
  const { value: current } = session;
  const [wantsToken, setWantsToken] = useState(false);
  const server = useServer();
  if (current.status !== "open" || current.open.owner === null) return <ConnectedByToken />;
  return (
    <>
      <p>{t("connect.account.open")}</p>
      <p class="actions">
        <a class="button button-main" href="/personas">
          {t("nav.personas")}
        </a>
        <a class="button" href="/account">
          {t("account.title")}
        </a>
        <button
          type="button"
          class="button"
          aria-expanded={wantsToken}
          onClick={() => setWantsToken(!wantsToken)}
        >
          <Icon name="key" />
          {t("connect.token.use")}
        </button>
      </p>
      {wantsToken && <ConnectForm server={server} />}
    </>
  );
}

function ConnectedByToken() {
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
