/**
 * The shape of a locale file, taken from the English one: a locale that lacks a message, has one
 * too many or forgets that a message counts something does not compile.
 */
import type { en } from "./locales/en.ts";

/** Forms of a message that counts, by CLDR plural category. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & {
  readonly other: string;
};
export type Message = string | PluralForms;

type English = typeof en;
export type MessageKey = keyof English;
export type Messages = {
  readonly [Key in MessageKey]: English[Key] extends string ? string : PluralForms;
};

type PlaceholdersIn<Text> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlaceholdersIn<Rest>
  : never;

/** The names that stand in braces in any form of a message. */
export type ParamsOf<Key extends MessageKey> = PlaceholdersIn<
  English[Key] extends string ? English[Key] : English[Key][keyof English[Key]]
>;
