/** Why a passphrase, a question or an answer was refused, in words. */
import type { PassphraseWeakness } from "@hi-stranger/vault/passphrase/passphrase-rules";
import type { QuestionWeakness } from "@hi-stranger/vault/questions";

const textsByReason: Readonly<Record<PassphraseWeakness | QuestionWeakness, string>> = {
  unusable: "It is longer than 1,024 bytes, or no UTF-8 text.",
  too_short: "It has fewer than 12 characters.",
  no_upper_case: "It has no upper-case letter.",
  no_lower_case: "It has no lower-case letter.",
  no_digit: "It has no digit.",
  too_common: "It is one of those that are tried first.",
  wrong_count: "There must be 2 to 8 questions.",
  wrong_threshold: "At least 2 answers must be needed, and no more than there are questions.",
  unknown_question: "There is no such question to choose.",
  question_too_short: "A question of your own has 10 characters or more.",
  question_too_long: "A question of your own has at most 300 characters.",
  same_question_twice: "You have that question already.",
  answer_unusable: "An answer is longer than 1,024 bytes, or no UTF-8 text.",
  answer_too_short: "An answer has 3 characters or more.",
  same_answer_twice: "You gave that answer to another question.",
};

/** `reason` in words; as it is when it is none that we know. */
export function describeReason(reason: string): string {
  // What a later agent may say besides is still better shown than hidden.
  return Object.hasOwn(textsByReason, reason)
    ? textsByReason[reason as keyof typeof textsByReason]
    : reason;
}
