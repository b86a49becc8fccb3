/**
 * `t()` and the formatters, in the language that is in use.
 *
 * They read a signal, so whatever renders with them renders again when the language changes.
 */
import { computed, signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { type Language, type MessagePart, loadMessagePart, loadMessages } from "./languages.ts";
import type { Message, MessageKey, ParamsOf } from "./messages.ts";

interface Locale {
  readonly language: Language;
  readonly messages: Readonly<Record<string, Message>>;
}

const locale = signal<Locale | null>(null);

/** The language on the screen; null until the first one is loaded. */
export const currentLanguage = computed(() => locale.value?.language ?? null);

const pluralRules = computed(() => new Intl.PluralRules(currentLanguage.value ?? "en"));
const integerFormat = computed(() => new Intl.NumberFormat(currentLanguage.value ?? "en"));

type Params<Key extends MessageKey> = [ParamsOf<Key>] extends [never]
  ? []
  : [params: { readonly [Name in ParamsOf<Key>]: string | number }];

/** The parts that the screens which were opened need, in whatever language. */
const wantedParts = new Set<MessagePart>();

/** Loads `language` and shows it. The former one stays when loading fails. */
export async function useLanguage(language: Language): Promise<void> {
  let messages: Readonly<Record<string, Message>> = await loadMessages(language);
  const loaded = new Set<MessagePart>();
  // More may be wanted while some are on their way.
  for (let missing = [...wantedParts]; missing.length > 0;) {
    const parts = await Promise.all(missing.map((part) => loadMessagePart(part, language)));
    messages = Object.assign({}, messages, ...parts) as Record<string, Message>;
    for (const part of missing) loaded.add(part);
    missing = [...wantedParts].filter((part) => !loaded.has(part));
  }
  locale.value = { language, messages };
}

/** Loads a part of the messages, now and in every language to come. Before the first language, that brings it along. */
export async function useMessagePart(part: MessagePart): Promise<void> {
  if (wantedParts.has(part)) return;
  wantedParts.add(part);
  const shown = locale.peek();
  if (!shown) return;
  try {
    const more = await loadMessagePart(part, shown.language);
    const now = locale.peek() ?? shown;
    // Whoever switched the language meanwhile has loaded the part with it.
    if (now.language === shown.language) {
      locale.value = { ...now, messages: { ...now.messages, ...more } };
    }
  } catch (error) {
    wantedParts.delete(part);
    throw error;
  }
}

/** The message of `key`, with `params` in place of the names in braces. Numbers are formatted. */
export function t<Key extends MessageKey>(key: Key, ...[params]: Params<Key>): string {
  return fillIn(chooseForm(key, params), params);
}

/** Like {@link t}, with elements among the params. */
export function rich<Key extends MessageKey>(
  key: Key,
  params: { readonly [Name in ParamsOf<Key>]: ComponentChildren },
): ComponentChildren[] {
  const parts = chooseForm(key, params).split(/\{(\w+)\}/);
  return parts.map((part, index) =>
    index % 2 === 1 ? (params as Record<string, ComponentChildren>)[part] : part,
  );
}

/** A message whose name comes from data, or `fallback` when there is none or it needs params. */
export function tOr(key: string, fallback: string): string {
  const message = locale.value?.messages[key];
  return typeof message === "string" ? message : fallback;
}

export function formatInteger(value: number): string {
  return integerFormat.value.format(value);
}

export function formatPercent(ratio: number): string {
  return new Intl.NumberFormat(currentLanguage.value ?? "en", {
    style: "percent",
    maximumFractionDigits: 0,
  }).format(ratio);
}

/** A calendar day or a point in time (RFC 3339), written out; the text itself when it is neither. */
export function formatDate(text: string): string {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return text;
  const options: Intl.DateTimeFormatOptions =
    text.length === 10
      ? { dateStyle: "long", timeZone: "UTC" }
      : { dateStyle: "medium", timeStyle: "short" };
  return new Intl.DateTimeFormat(currentLanguage.value ?? "en", options).format(date);
}

/** A month, `YYYY-MM`, written out. */
export function formatMonth(month: string): string {
  const options = { month: "long", year: "numeric", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(currentLanguage.value ?? "en", options).format(
    new Date(`${month}-01`),
  );
}

/** The name of the language of `tag` in the current language; the tag when it is not known. */
export function languageName(tag: string): string {
  try {
    const names = new Intl.DisplayNames([currentLanguage.value ?? "en"], { type: "language" });
    return names.of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** A number of seconds as a person says it: whole seconds, then minutes, then hours. */
export function formatDuration(seconds: number): string {
  if (seconds < 1) return t("duration.moment");
  const [value, unit] =
    seconds < 90
      ? [Math.round(seconds), "second" as const]
      : seconds < 5400
        ? [Math.round(seconds / 60), "minute" as const]
        : [Math.round(seconds / 3600), "hour" as const];
  return new Intl.NumberFormat(currentLanguage.value ?? "en", {
    style: "unit",
    unit,
    unitDisplay: "long",
  }).format(value);
}

function chooseForm(key: MessageKey, params: object | undefined): string {
  const message = locale.value?.messages[key];
  if (message === undefined) return "";
  if (typeof message === "string") return message;
  const { count } = (params ?? {}) as { count?: unknown };
  const category = typeof count === "number" ? pluralRules.value.select(count) : "other";
  return message[category] ?? message.other;
}

function fillIn(text: string, params: Record<string, string | number> | undefined): string {
  if (!params) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? formatInteger(value) : value;
  });
}
