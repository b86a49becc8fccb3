/** The languages of the interface, and how one is chosen on a first visit. */
import type { Message, Messages } from "./messages.ts";

export const languages = {
  en: { name: "English", dir: "ltr" },
  de: { name: "Deutsch", dir: "ltr" },
  es: { name: "Español", dir: "ltr" },
  pt: { name: "Português", dir: "ltr" },
} as const satisfies Record<string, { name: string; dir: "ltr" | "rtl" }>;

export type Language = keyof typeof languages;

/** Each language is a file of its own, fetched when it is chosen. */
const loadersByLanguage: Record<Language, () => Promise<Messages>> = {
  en: async () => (await import("./locales/en.ts")).en,
  de: async () => (await import("./locales/de.ts")).de,
  es: async () => (await import("./locales/es.ts")).es,
  pt: async () => (await import("./locales/pt.ts")).pt,
};

export function loadMessages(language: Language): Promise<Messages> {
  return loadersByLanguage[language]();
}

/** Messages that only some screens need, apart from the first load. */
const partLoaders = {
  account: {
    en: async () => (await import("./locales-account/en.ts")).enAccount,
    de: async () => (await import("./locales-account/de.ts")).deAccount,
    es: async () => (await import("./locales-account/es.ts")).esAccount,
    pt: async () => (await import("./locales-account/pt.ts")).ptAccount,
  },
} as const satisfies Record<string, Record<Language, () => Promise<Record<string, Message>>>>;

export type MessagePart = keyof typeof partLoaders;
export const messageParts = Object.keys(partLoaders) as readonly MessagePart[];

export function loadMessagePart(
  part: MessagePart,
  language: Language,
): Promise<Readonly<Record<string, Message>>> {
  return partLoaders[part][language]();
}

export function isLanguage(value: unknown): value is Language {
  return typeof value === "string" && Object.hasOwn(languages, value);
}

/** The first of `wanted` (BCP 47 tags, best first) that we speak, else English. */
export function chooseLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const primary = tag.toLowerCase().split("-")[0];
    if (isLanguage(primary)) return primary;
  }
  return "en";
}
