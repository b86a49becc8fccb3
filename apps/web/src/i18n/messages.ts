/**
 * The shape of a locale file, taken from the English one: a locale that lacks a message, has one
 * too many or forgets that a message counts something does not compile.
 */
import type { en } from "./locales/en.ts";
import type { enAccount } from "./locales-account/en.ts";

/** Forms of a message that counts, by CLDR plural category. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & {
  readonly other: string;
};
export type Message = string | PluralForms;

/** What a translation of `English` has. */
export type MessagesLike<English> = {
  readonly [Key in keyof English]: English[Key] extends string ? string : PluralForms;
};

type English = typeof en & typeof enAccount;
export type MessageKey = keyof English;
/** What every page has. The rest comes in parts, with the screens that need them. */
export type Messages = MessagesLike<typeof en>;

type PlaceholdersIn<Text> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlaceholdersIn<Rest>
  : never;

/** The names that stand in braces in any form of a message. */
export type ParamsOf<Key extends MessageKey> = PlaceholdersIn<
  English[Key] extends string ? English[Key] : English[Key][keyof English[Key]]
>;
