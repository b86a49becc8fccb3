/**
 * Finds text that looks like personal data: e-mail addresses and phone numbers.
 *
 * The prototype keeps its data unencrypted in the browser, so it refuses such text, and the editor
 * warns of it. This is a net, not a wall: it knows the usual spellings in the free text of a
 * record and lets years, dates, times, scores and amounts through.
 */
import type { ChatMeta } from "@hi-stranger/core/schema/chat-meta";
import type { Message } from "@hi-stranger/core/schema/message";
import type { PolicyState } from "@hi-stranger/core/schema/policy-state";
import type { UserProfile } from "@hi-stranger/core/schema/user-profile";

export type PersonalDataKind = "email" | "phone";

/** A place in a text. */
export interface TextFinding {
  readonly kind: PersonalDataKind;
  /** UTF-16 code units, as `slice` takes them. */
  readonly start: number;
  readonly end: number;
}

/** A place in a record. */
export interface RecordFinding {
  readonly kind: PersonalDataKind;
  /** JSON Pointer (RFC 6901). */
  readonly path: string;
}

/** A text that a person wrote, with its JSON Pointer (RFC 6901). */
export type FreeText = readonly [path: string, text: string];

/** What looks like personal data in the free text of `profile`, one finding a place and kind. */
export function findPersonalData(profile: UserProfile): RecordFinding[] {
  return findInTexts(profileTexts(profile));
}

/** What looks like personal data in `texts`, one finding a place and kind. */
export function findInTexts(texts: Iterable<FreeText>): RecordFinding[] {
  const findings: RecordFinding[] = [];
  for (const [path, text] of texts) {
    for (const kind of new Set(findPersonalText(text).map((finding) => finding.kind))) {
      findings.push({ kind, path });
    }
  }
  return findings;
}

/** What looks like personal data in `text`, in its order. Takes time in proportion to the text. */
export function findPersonalText(text: string): TextFinding[] {
  const plain = withAsciiDigits(text);
  return [...findEmails(plain), ...findPhones(plain)].sort((a, b) => a.start - b.start);
}

/** The members of a persona in which people write what they like. */
export function* profileTexts({ profile }: UserProfile): Generator<FreeText> {
  yield ["/profile/identity/user_name", profile.identity.user_name];
  yield ["/profile/intent/biography", profile.intent.biography ?? ""];
  yield* listTexts("/profile/interests/interests", profile.interests.interests);
}

/** The members of a chat in which people write what they like. */
export function* chatTexts(chat: ChatMeta): Generator<FreeText> {
  yield ["/goal", chat.goal];
  yield ["/description", chat.description ?? ""];
  yield* listTexts("/topic_stack", chat.topic_stack);
  yield ["/active_topic", chat.active_topic ?? ""];
  yield* listTexts("/success_metrics", chat.success_metrics);
  yield* listTexts("/rules", chat.rules);
}

/** The body of a message, unless only its readers can read it. */
export function* messageTexts({ body, enc }: Message): Generator<FreeText> {
  if (enc !== "e2ee") yield ["/body", body ?? ""];
}

/** The members of a state of moderation that are no fixed values. */
export function* policyTexts(policy: PolicyState): Generator<FreeText> {
  yield ["/policy_version", policy.policy_version];
  yield ["/last_action", policy.last_action ?? ""];
}

function* listTexts(path: string, texts: readonly string[] = []): Generator<FreeText> {
  for (const [index, text] of texts.entries()) yield [`${path}/${index}`, text];
}

// ---- E-mail addresses ----

/** `@`, and what people write in its place. */
const atSign = /[@＠]|\s?[([{<]\s?(?:at|ät|arroba)\s?[)\]}>]\s?|\s(?:at|arroba)\s/giu;
const localPart = /[\p{L}\p{N}][\p{L}\p{N}._%+-]*$/u;
/** A full stop in a domain, and what people write in its place. */
const dot = String.raw`(?:\.|\s?[([{<]\s?(?:dot|punkt|punto|ponto)\s?[)\]}>]\s?|\s(?:dot|punkt|punto|ponto)\s)`;
const domainStart = new RegExp(
  String.raw`^[\p{L}\p{N}][\p{L}\p{N}-]*(?:${dot}[\p{L}\p{N}-]+)*(?<dot>${dot})\p{L}{2,24}(?![\p{L}\p{N}])`,
  "iu",
);
/** RFC 5321 section 4.5.3.1: the longest local part and domain. */
const maxLocalLength = 64;
const maxDomainLength = 255;

function* findEmails(text: string): Generator<TextFinding> {
  for (const { 0: sign, index } of text.matchAll(atSign)) {
    const before = localPart.exec(text.slice(Math.max(0, index - maxLocalLength), index));
    const domain = text.slice(index + sign.length, index + sign.length + maxDomainLength);
    const after = domainStart.exec(domain);
    // "at" as a word with a plain full stop is a sentence: "we met at school.Then".
    const isWord = /^\s/.test(sign) && !/[([{<]/.test(sign);
    if (!before || !after || (isWord && after.groups?.["dot"] === ".")) continue;
    const end = index + sign.length + after[0].length;
    yield { kind: "email", start: index - before[0].length, end };
  }
}

// ---- Phone numbers ----

/** Digits and what stands between them in a phone number. */
const digitRun = /\+?\(?\d(?:[\d()./\-–—]|[^\S\n])*\d/g;
/** Days and times of day, which are cut out before digits are counted. */
const calendar =
  /(?<!\d)(?:(?:1\d|20)\d\d[-./](?:0?[1-9]|1[0-2])[-./](?:0?[1-9]|[12]\d|3[01])|(?:0?[1-9]|[12]\d|3[01])[-./](?:0?[1-9]|[12]\d|3[01])[-./](?:1\d|20)?\d\d|(?:[01]?\d|2[0-4])[:.h][0-5]\d(?:\s?[-–—]\s?(?:[01]?\d|2[0-4])[:.h][0-5]\d)?)(?!\d)/g;
const year = /^(?:1\d|20)\d\d$/;
/** Words that announce a number, so that fewer digits make one. */
const announcement =
  /(?:\b(?:tel|fon|telefon|telephone|phone|call|sms|whatsapp|mobile|mobil|handy|cell|fax)|tel[eé]fono|telefone|m[oó]vil|celular|llámame|zap)[^\p{L}\d]{0,6}(?:(?:me|mich|nr|no|num|number|at|on|unter|al|em)[^\p{L}\d]{0,4})?$/iu;
const maxAnnouncementLength = 30;

function* findPhones(text: string): Generator<TextFinding> {
  // Letters keep what is left and right of them apart, and every index in its place.
  const rest = text.replace(calendar, (match) => "x".repeat(match.length));
  for (const { 0: run, index } of rest.matchAll(digitRun)) {
    const isAnnounced = announcement.test(
      rest.slice(Math.max(0, index - maxAnnouncementLength), index),
    );
    if (isPhone(run, isAnnounced)) yield { kind: "phone", start: index, end: index + run.length };
  }
}

function isPhone(run: string, isAnnounced: boolean): boolean {
  const groups = run.match(/\d+/g) ?? [];
  const digits = groups.join("");
  if (groups.every((group) => year.test(group)) && !run.startsWith("+")) return false;
  if (digits.length > 15 && groups.length === 1) return false;
  if (isAnnounced) return digits.length >= 5;
  if (run.startsWith("+") || digits.startsWith("00")) return digits.length >= 7;
  if (/^\d{3}[-.\s]\d{4}$/.test(run)) return true;
  // Written with a trunk prefix or an area code in brackets.
  if (/^\(?0[1-9]/.test(run) || run.startsWith("(")) return digits.length >= 8;
  return digits.length >= 9 && !isNumeral(run, groups);
}

/** Whether digits stand for an amount, a decimal fraction or a list of small numbers. */
function isNumeral(run: string, groups: readonly string[]): boolean {
  if (/^\d{1,3}\.\d+$/.test(run)) return true;
  if (groups.every((group) => group.length <= 2)) return true;
  return /^[1-9]\d{0,2}(?:[.\s]\d{3})*[.\s]000$/.test(run) || /^[1-9]\d*0{6}$/.test(run);
}

/** Digits of other scripts that keyboards offer, by their zero; each is one code unit. */
const zeros = [0xff10, 0x0660, 0x06f0, 0x0966];

function withAsciiDigits(text: string): string {
  return text.replace(/[０-９٠-٩۰-۹०-९]/g, (digit) => {
    const code = digit.charCodeAt(0);
    return String(code - (zeros.find((zero) => code >= zero && code < zero + 10) ?? code));
  });
}
