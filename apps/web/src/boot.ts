/**
 * Runs before the first paint, as a classic script: sets the theme and the language that were
 * chosen, so that nothing flashes, and starts to fetch the language's file. It imports nothing
 * else; `state/preferences.ts` writes the key that it reads.
 */
declare const __LANGUAGES__: Readonly<Record<string, string>>;

const urlsByLanguage = __LANGUAGES__;

function readPreferences(): { readonly theme?: unknown; readonly language?: unknown } {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem("hs.ui") ?? "{}");
    return typeof stored === "object" && stored !== null ? stored : {};
  } catch {
    // Storage is blocked or holds something else: the defaults stand.
    return {};
  }
}

function boot(): void {
  const { theme, language: chosen } = readPreferences();
  const root = document.documentElement;
  if (theme === "light" || theme === "dark") root.dataset["theme"] = theme;
  const language = [chosen, ...navigator.languages, "en"]
    .map((tag) => String(tag).slice(0, 2).toLowerCase())
    .find((code) => Object.hasOwn(urlsByLanguage, code));
  if (language === undefined) return;
  root.lang = language;
  // The app asks for it again, and deals with what is wrong.
  import(/* @vite-ignore */ urlsByLanguage[language] ?? "").catch(() => undefined);
}

boot();

export {};
