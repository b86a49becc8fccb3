/**
 * Runs before the first paint, as a classic script: sets the theme and the language that were
 * chosen, so that nothing flashes. No imports; the same key is written by `state/preferences.ts`.
 */
function applyPreferences(): void {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem("hs.ui") ?? "{}");
    const { theme, language } = stored as { theme?: unknown; language?: unknown };
    const root = document.documentElement;
    if (theme === "light" || theme === "dark") root.dataset["theme"] = theme;
    if (typeof language === "string" && /^[a-z]{2}$/.test(language)) root.lang = language;
  } catch {
    // Storage is blocked or holds something else: the defaults stand.
  }
}

applyPreferences();
