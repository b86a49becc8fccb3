/**
 * The questions a person chooses, and what they have to be: 2 to 8, by default 2 from the catalogue
 * and 2 of their own; a question of their own of 10 characters or more, an answer of 3 or more once it is
 * normalised; no two alike.
 */
import type { PredefinedQuestion } from "./auth/predefined-questions.ts";
import type { QuestionType } from "./auth/question-rows.ts";
import { wipe } from "./secret-bytes.ts";
import { maxQuestionCount, minQuestionCount } from "./slots/questions-slot.ts";
import { normalizeAnswer } from "./text/answer-text.ts";
import { VaultError } from "./vault-error.ts";

export const defaultQuestionCounts = { predefined: 2, custom: 2 } as const;
const minCustomCharacters = 10;
const maxTextCharacters = 300;
const minAnswerCharacters = 3;

/** A question as chosen, with its answer, UTF-8 as typed; the caller wipes it. */
export type ChosenQuestion =
  | { readonly predefinedId: number; readonly answer: Uint8Array }
  | { readonly customText: string; readonly answer: Uint8Array };

export interface QuestionChoice {
  readonly questions: readonly ChosenQuestion[];
  /** How many answers must be right; all of them unless told otherwise, and never fewer than 2. */
  readonly threshold?: number;
}

export type QuestionWeakness =
  | "wrong_count"
  | "wrong_threshold"
  | "unknown_question"
  | "question_too_short"
  | "question_too_long"
  | "same_question_twice"
  | "answer_unusable"
  | "answer_too_short"
  | "same_answer_twice";

export interface CheckedQuestion {
  readonly text: string;
  readonly type: QuestionType;
  readonly answer: Uint8Array;
}

/**
 * The questions with their texts, and how many answers must be right.
 *
 * @throws {VaultError} `invalid_questions` with every {@link QuestionWeakness} as a reason.
 */
export function checkQuestions(
  { questions, threshold = questions.length }: QuestionChoice,
  catalogue: readonly PredefinedQuestion[],
): { questions: CheckedQuestion[]; threshold: number } {
  const reasons = new Set<QuestionWeakness>();
  const count = questions.length;
  if (count < minQuestionCount || count > maxQuestionCount) reasons.add("wrong_count");
  if (!Number.isInteger(threshold) || threshold < minQuestionCount || threshold > count) {
    reasons.add("wrong_threshold");
  }
  const checked = questions.flatMap((question) => {
    const found = withText(question, catalogue, reasons);
    return found ? [found] : [];
  });
  const texts = new Set(checked.map(({ text }) => text.normalize("NFKC").toLowerCase()));
  if (texts.size < checked.length) reasons.add("same_question_twice");
  checkAnswers(questions, reasons);
  if (reasons.size > 0) throw new VaultError("invalid_questions", { reasons: [...reasons] });
  return { questions: checked, threshold };
}

function withText(
  question: ChosenQuestion,
  catalogue: readonly PredefinedQuestion[],
  reasons: Set<QuestionWeakness>,
): CheckedQuestion | null {
  const { answer } = question;
  if ("predefinedId" in question) {
    const known = catalogue.find(({ id }) => id === question.predefinedId);
    if (!known) reasons.add("unknown_question");
    return known ? { text: known.text, type: "predefined", answer } : null;
  }
  const text = question.customText.trim();
  const characterCount = Array.from(text).length;
  if (characterCount < minCustomCharacters) reasons.add("question_too_short");
  if (characterCount > maxTextCharacters) reasons.add("question_too_long");
  return { text, type: "custom", answer };
}

function checkAnswers(questions: readonly ChosenQuestion[], reasons: Set<QuestionWeakness>): void {
  const normalized = questions.map(({ answer }) => normalizeAnswer(answer));
  for (const [index, answer] of normalized.entries()) {
    if (!answer) reasons.add("answer_unusable");
    else if (answer.characterCount < minAnswerCharacters) reasons.add("answer_too_short");
    const isRepeated = normalized
      .slice(0, index)
      .some((other) => other && answer && isSame(other.bytes, answer.bytes));
    if (isRepeated) reasons.add("same_answer_twice");
  }
  wipe(...normalized.map((answer) => answer?.bytes));
}

/** Both are the person's own, here and now: time tells nobody anything. */
function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
