/**
 * What a person chose about the interface: theme, language, single-key shortcuts and the home of
 * the data they worked with last. Kept under `hs.ui` in localStorage; `boot.ts` reads it first.
 */
import { effect, signal } from "@preact/signals";
import { type Language, chooseLanguage, isLanguage } from "../i18n/languages.ts";

export type Theme = "system" | "light" | "dark";
export type Home = "device" | "live";

const storageKey = "hs.ui";

const stored = readStored();

export const theme = signal<Theme>(
  stored.theme === "light" || stored.theme === "dark" ? stored.theme : "system",
);
export const language = signal<Language>(
  isLanguage(stored.language) ? stored.language : chooseLanguage(navigator.languages),
);
export const hasShortcuts = signal(stored.shortcuts !== false);
export const home = signal<Home>(stored.home === "live" ? "live" : "device");

/** Applies and keeps the preferences from now on. */
export function keepPreferences(): void {
  effect(() => {
    const root = document.documentElement;
    if (theme.value === "system") delete root.dataset["theme"];
    else root.dataset["theme"] = theme.value;
  });
  let isFirst = true;
  effect(() => {
    const text = JSON.stringify({
      ...(theme.value === "system" ? {} : { theme: theme.value }),
      language: language.value,
      ...(hasShortcuts.value ? {} : { shortcuts: false }),
      home: home.value,
    });
    // Nothing is stored for a person who has chosen nothing.
    if (!isFirst) writeStored(text);
    isFirst = false;
  });
}

function readStored(): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "{}");
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function writeStored(text: string): void {
  try {
    localStorage.setItem(storageKey, text);
  } catch {
    // Blocked or full: the choice holds for this visit.
  }
}
