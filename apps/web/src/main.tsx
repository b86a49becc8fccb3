/** Starts the app: language and first screen come first, so that what is drawn doesn't move. */
import { effect } from "@preact/signals";
import { render } from "preact";
import "./styles/index.css";
import { App, preloadScreenAt } from "./app.tsx";
import { languages } from "./i18n/languages.ts";
import { currentLanguage, useLanguage } from "./i18n/translate.ts";
import { watchAccount } from "./state/account.ts";
import { watchConnectivity } from "./state/connectivity.ts";
import { takeLinkToken } from "./state/link-token.ts";
import { keepPreferences, language } from "./state/preferences.ts";
import { registerServiceWorker } from "./state/service-worker-updates.ts";

async function start(root: HTMLElement): Promise<void> {
  // Before anything else sees the address, or waits.
  takeLinkToken();
  keepPreferences();
  watchConnectivity();
  watchAccount();
  await Promise.all([
    // A language file that can't be fetched must not leave a blank page.
    useLanguage(language.value).catch(() => useLanguage("en")),
    preloadScreenAt(location.pathname),
  ]);
  effect(followLanguage);
  effect(() => {
    const shown = currentLanguage.value ?? "en";
    document.documentElement.lang = shown;
    document.documentElement.dir = languages[shown].dir;
  });
  render(<App />, root);
  if (import.meta.env.PROD) await registerServiceWorker();
}

function followLanguage(): void {
  const wanted = language.value;
  if (wanted === currentLanguage.peek()) return;
  useLanguage(wanted).catch(() => {
    // The former language stays, and the choice says so.
    language.value = currentLanguage.peek() ?? "en";
  });
}

// Not awaited here: the screens import this module, so its evaluation must not wait for one.
const root = document.getElementById("app");
if (root) void start(root);
