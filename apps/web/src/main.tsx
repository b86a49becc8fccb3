/** Starts the app: preferences and language first, so that the first thing drawn is right. */
import { effect } from "@preact/signals";
import { render } from "preact";
import "./styles/index.css";
import { App, preloadScreenAt } from "./app.tsx";
import { languages } from "./i18n/languages.ts";
import { currentLanguage, useLanguage } from "./i18n/translate.ts";
import { keepPreferences, language } from "./state/preferences.ts";
import { watchConnectivity } from "./state/connectivity.ts";
import { registerServiceWorker } from "./state/service-worker-updates.ts";

keepPreferences();
watchConnectivity();
preloadScreenAt(location.pathname);

const root = document.getElementById("app");
if (root) {
  // A language file that can't be fetched must not leave a blank page.
  await useLanguage(language.value).catch(() => useLanguage("en"));
  effect(() => {
    const wanted = language.value;
    if (wanted === currentLanguage.peek()) return;
    useLanguage(wanted).catch(() => {
      // The former language stays, and the choice says so.
      language.value = currentLanguage.peek() ?? "en";
    });
  });
  effect(() => {
    const shown = currentLanguage.value ?? "en";
    document.documentElement.lang = shown;
    document.documentElement.dir = languages[shown].dir;
  });
  render(<App />, root);
  if (import.meta.env.PROD) void registerServiceWorker();
}
