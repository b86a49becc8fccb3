/**
 * Choosing questions and answering them: at the terminal, or by a descriptor with a line for each, the
 * question and its answer with a tab between:
 *
 *     1<TAB>Biscuit
 *     Who taught me to whistle on a leaf?<TAB>Aunt Philippa
 *
 * The question is the number of one from the catalogue, or its text, or a text of one's own.
 */
import {
  type PredefinedQuestion,
  predefinedQuestions,
} from "@hi-stranger/vault/auth/predefined-questions";
import {
  type ChosenQuestion,
  type QuestionChoice,
  checkQuestions,
  defaultQuestionCounts,
} from "@hi-stranger/vault/questions";
import type { GivenAnswer, Question } from "@hi-stranger/vault/handle/recovering";
import { copySecret, wipe } from "@hi-stranger/vault/secret-bytes";
import { VaultError } from "@hi-stranger/vault/vault-error";
import { usageError } from "../errors.ts";
import { withoutControls } from "../format.ts";
import { isSame } from "./show-once.ts";
import type { SecretInput } from "./secret-input.ts";
import type { Terminal } from "./terminal.ts";
import { describeReason } from "./weaknesses.ts";

const tab = 0x09;
const decoder = new TextDecoder("utf-8", { fatal: true });

/** The questions and answers on the lines of `fd`. The caller wipes the answers. */
export async function readChosenQuestions(
  secrets: SecretInput,
  fd: number,
): Promise<ChosenQuestion[]> {
  return (await readAnswerLines(secrets, fd)).map(({ text, answer }) => {
    const known = findPredefined(text);
    return known ? { predefinedId: known.id, answer } : { customText: text, answer };
  });
}

/** The answers on the lines of `fd` to `questions`. The caller wipes them. */
export async function readGivenAnswers(
  secrets: SecretInput,
  fd: number,
  questions: readonly Question[],
): Promise<GivenAnswer[]> {
  const lines = await readAnswerLines(secrets, fd);
  return lines.map(({ text, answer }) => {
    const wanted = findPredefined(text)?.text ?? text;
    const question = questions.find((candidate) => candidate.text === wanted);
    if (question) return { questionId: question.id, answer };
    wipe(...lines.map((line) => line.answer));
    throw usageError("A line answers a question that the vault doesn't have.");
  });
}

/** Asks for two questions from the catalogue and two of one's own, with their answers. */
export async function askForQuestions(terminal: Terminal): Promise<ChosenQuestion[]> {
  const { predefined, custom } = defaultQuestionCounts;
  const total = predefined + custom;
  terminal.show(
    "\nQuestions are another way back in, on this device alone: all their answers\n" +
      "together set a new passphrase. Capitals and spaces don't matter in an answer.\n" +
      "Choose answers that people who know you don't know.\n\n",
  );
  for (const { id, text } of predefinedQuestions) terminal.show(`  ${id}  ${text}\n`);
  const chosen: ChosenQuestion[] = [];
  while (chosen.length < total) {
    const place = chosen.length + 1;
    const isOwn = chosen.length >= predefined;
    const label = isOwn ? "in your own words" : "by its number";
    const typed = await terminal.ask(`\nQuestion ${place} of ${total}, ${label}: `);
    const known = predefinedQuestions.find(({ id }) => String(id) === typed);
    if (!isOwn && !known) {
      terminal.show(`  It takes a number from 1 to ${predefinedQuestions.length}.\n`);
      continue;
    }
    const question = known && !isOwn ? { predefinedId: known.id } : { customText: typed };
    if (known && !isOwn) terminal.show(`${known.text}\n`);
    const added = await askForAnswer(terminal, chosen, question);
    if (added) chosen.push(added);
  }
  return chosen;
}

/** Asks `questions`, each once. The caller wipes the answers. */
export async function askAnswers(
  terminal: Terminal,
  questions: readonly Question[],
): Promise<GivenAnswer[]> {
  const answers: GivenAnswer[] = [];
  for (const [index, { id, text }] of questions.entries()) {
    terminal.show(`\n${index + 1}. ${withoutControls(text)}\n`);
    answers.push({ questionId: id, answer: await terminal.askSecret("   Answer: ") });
  }
  return answers;
}

/** The choice of all `questions`, of which `threshold` answers have to be right; all unless told. */
export function toChoice(
  questions: readonly ChosenQuestion[],
  threshold: number | undefined,
): QuestionChoice {
  return threshold === undefined ? { questions } : { questions, threshold };
}

/** The question with its answer, when both can be used beside `others`; null, and why, when not. */
async function askForAnswer(
  terminal: Terminal,
  others: readonly ChosenQuestion[],
  question: { readonly predefinedId: number } | { readonly customText: string },
): Promise<ChosenQuestion | null> {
  const tell = (reasons: readonly string[]): null => {
    for (const reason of reasons) terminal.show(`  ${reason}\n`);
    return null;
  };
  const unfit = weaknessesOf([...others, { ...question, answer: new Uint8Array(0) }]);
  if (unfit.question.length > 0) return tell(unfit.question);
  const answer = await terminal.askSecret("  Answer: ");
  const again = await terminal.askSecret("  Again:  ");
  const isRepeated = isSame(answer, again);
  wipe(again);
  const reasons = isRepeated
    ? weaknessesOf([...others, { ...question, answer }]).answer
    : ["The two answers are not the same."];
  if (reasons.length === 0) return { ...question, answer };
  wipe(answer);
  return tell(reasons);
}

/** What is wrong with the questions and with the answers, apart from their being too few yet. */
function weaknessesOf(questions: readonly ChosenQuestion[]): {
  question: string[];
  answer: string[];
} {
  try {
    checkQuestions({ questions }, predefinedQuestions);
    return { question: [], answer: [] };
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    const about = (word: string): string[] =>
      error.reasons.filter((reason) => reason.includes(word)).map(describeReason);
    return { question: about("question"), answer: about("answer") };
  }
}

/** The question of the catalogue whose number or whose text it is. */
function findPredefined(numberOrText: string): PredefinedQuestion | undefined {
  return predefinedQuestions.find(
    ({ id, text }) => numberOrText === String(id) || numberOrText === text,
  );
}

async function readAnswerLines(
  secrets: SecretInput,
  fd: number,
): Promise<{ text: string; answer: Uint8Array<ArrayBuffer> }[]> {
  const lines = await secrets.lines(fd);
  try {
    return lines.map((line) => {
      const end = line.indexOf(tab);
      if (end === -1)
        throw usageError("Each line of answers has a question, a tab and its answer.");
      return {
        text: decoder.decode(line.subarray(0, end)).trim(),
        answer: copySecret(line.subarray(end + 1)),
      };
    });
  } finally {
    wipe(...lines);
  }
}
