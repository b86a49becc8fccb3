import { useLocation } from "preact-iso/router";
import { t } from "../i18n/translate.ts";
import { home } from "../state/preferences.ts";
import { session } from "../state/session.ts";
import { AccountMenu } from "./account-menu.tsx";
import { DisplayMenu } from "./display-menu.tsx";
import { Icon } from "./icon.tsx";
import { Logo } from "./logo.tsx";

export function Header() {
  const { path } = useLocation();
  return (
    <header class="bar">
      <a class="brand" href="/" aria-current={path === "/" ? "page" : undefined}>
        <Logo />
        <span>Hi Stranger</span>
      </a>
      <nav class="nav" aria-label={t("shell.nav")}>
        <NavLink href="/personas" isHere={path.startsWith("/personas")}>
          {t("nav.personas")}
        </NavLink>
        <NavLink href="/import" isHere={path === "/import"}>
          {t("nav.transfer")}
        </NavLink>
      </nav>
      <div class="bar-end">
        <HomePill isHere={path === "/connect"} />
        <AccountMenu isHere={path === "/account" || path === "/sign-in"} />
        <DisplayMenu />
      </div>
    </header>
  );
}

function NavLink(props: { href: string; isHere: boolean; children: string }) {
  return (
    <a href={props.href} aria-current={props.isHere ? "page" : undefined}>
      {props.children}
    </a>
  );
}

/** Where the data on the screen lives, always in sight; leads to the screen that changes it. */
function HomePill({ isHere }: { readonly isHere: boolean }) {
  const isLive = home.value === "live";
  const isConnected = session.value.status === "open";
  const text = isLive
    ? t(isConnected ? "home.live.connected" : "home.live.disconnected")
    : t("home.device");
  return (
    <a
      class={`pill ${isLive ? "pill-live" : "pill-device"}`}
      href="/connect"
      aria-current={isHere ? "page" : undefined}
    >
      <Icon name={isLive ? "cloud" : "device"} />
      <span class="visually-hidden">{t("home.label")} </span>
      <span>{text}</span>
    </a>
  );
}
