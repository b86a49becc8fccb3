/**
 * What a person chose about the interface: theme, language, single-key shortcuts, the home of the
 * data they worked with last, and whether they were signed in. Kept under `hs.ui` in localStorage;
 * `boot.ts` reads it first.
 */
import { effect, signal } from "@preact/signals";
import { type Language, chooseLanguage, isLanguage } from "../i18n/languages.ts";

export type Theme = "system" | "light" | "dark";
export type Home = "device" | "live";
/** Whether somebody is signed in, or was until they logged out; null when nobody ever was. */
export type LastAccount = "in" | "out" | null;

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
/** Says nothing of who it is: only whether it is worth asking the server. */
export const lastAccount = signal<LastAccount>(
  stored.account === "in" || stored.account === "out" ? stored.account : null,
);

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
      ...(lastAccount.value === null ? {} : { account: lastAccount.value }),
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
