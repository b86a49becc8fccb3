/** `hi vault passwd`, `questions` and `code`: other ways in for an unlocked vault. */
import type { PassphraseStyle } from "@hi-stranger/vault/passphrase/generate-passphrase";
import { wipe } from "@hi-stranger/vault/secret-bytes";
import type { QuestionText } from "./agent-calls.ts";
import { callUnlocked } from "./agent-process.ts";
import { chooseQuestions, styleOf } from "./init.ts";
import { chooseNewPassphrase } from "./new-passphrase.ts";
import { printResult, setPrinted } from "./secret-output.ts";
import { showRecoveryCode } from "./show-once.ts";
import { readPassphrase } from "./unlock.ts";
import type { VaultContext } from "./vault-context.ts";

export interface PasswdOptions {
  readonly passphraseFd?: number;
  readonly newPassphraseFd?: number;
  readonly generate?: PassphraseStyle | true;
}

export async function changePassphrase(
  context: VaultContext,
  options: PasswdOptions,
): Promise<void> {
  const { output, place, signal } = context;
  await checkUnlocked(context);
  const current = await readPassphrase(context, options.passphraseFd, "Current passphrase: ");
  const chosen = await chooseNewPassphrase(context, {
    fd: options.newPassphraseFd,
    style: styleOf(options.generate),
    option: "--new-passphrase-fd",
  });
  const parts = [current, chosen.passphrase];
  const outcome = "The new passphrase is set. The vault stays unlocked.";
  try {
    const { result } = await setPrinted(output, chosen, async () =>
      callUnlocked(place, { method: "changePassphrase", params: {}, parts, signal }),
    );
    context.notice(result.notices);
    const told = { vault: place.folder, notices: result.notices };
    const hasPassphrase = chosen.isUnseen;
    await printResult(output, { told, recoveryCode: null, hasPassphrase, outcome });
    output.note(outcome);
  } finally {
    wipe(...parts);
  }
}

export async function renewCode(
  context: VaultContext,
  { passphraseFd }: { readonly passphraseFd?: number },
): Promise<void> {
  const { output, place, secrets, signal } = context;
  await checkUnlocked(context);
  const passphrase = await readPassphrase(context, passphraseFd);
  const { result, parts } = await callUnlocked(place, {
    method: "renewRecoveryCode",
    params: {},
    parts: [passphrase],
    signal,
  }).finally(() => wipe(passphrase));
  const [code = new Uint8Array(0)] = parts;
  try {
    context.notice(result.notices);
    const told = { vault: place.folder, notices: result.notices };
    const outcome = "The new recovery code counts from now on; the old one is void.";
    const isShown = secrets.hasTerminal && !output.isJson;
    if (isShown) await showRecoveryCode(secrets.terminal(""), code);
    const recoveryCode = isShown ? null : code;
    await printResult(output, { told, recoveryCode, hasPassphrase: false, outcome });
    output.note(outcome);
  } finally {
    wipe(code);
  }
}

export interface QuestionsOptions {
  readonly passphraseFd?: number;
  /** False by `--none`. */
  readonly none?: boolean;
  readonly answersFd?: number;
  readonly answersNeeded?: number;
}

export async function setQuestions(
  context: VaultContext,
  options: QuestionsOptions,
): Promise<void> {
  const { output, place, signal } = context;
  await checkUnlocked(context);
  const passphrase = await readPassphrase(context, options.passphraseFd);
  const choice = await chooseQuestions(context, { ...options, questions: options.none !== true });
  const questions = choice?.questions ?? [];
  const answers = questions.map(({ answer }) => answer);
  try {
    const { result } = await callUnlocked(place, {
      method: "setQuestions",
      params: { questions: questions.map(toText), threshold: choice?.threshold ?? null },
      parts: [passphrase, ...answers],
      signal,
    });
    context.notice(result.notices);
    if (output.isJson) {
      const told = { vault: place.folder, question_count: questions.length };
      await output.json({ ...told, notices: result.notices });
    }
    output.note(
      questions.length > 0
        ? "The new questions count from now on; those before are void."
        : "The vault has no questions any more. The recovery code still opens it.",
    );
  } finally {
    wipe(passphrase, ...answers);
  }
}

function toText(question: { predefinedId: number } | { customText: string }): QuestionText {
  return "predefinedId" in question
    ? { predefinedId: question.predefinedId }
    : { customText: question.customText };
}

/** Before anything is asked. @throws {VaultError} `vault_locked`, `no_vault`. */
async function checkUnlocked({ place, signal }: VaultContext): Promise<void> {
  await callUnlocked(place, { method: "status", params: {}, signal });
}
