/** `hi vault init`: sets a vault up. */
import type { PassphraseStyle } from "@hi-stranger/vault/passphrase/generate-passphrase";
import type { VaultPlatform } from "@hi-stranger/vault/ports";
import { wipe } from "@hi-stranger/vault/secret-bytes";
import { VaultError, isVaultError } from "@hi-stranger/vault/vault-error";
import type { QuestionChoice } from "@hi-stranger/vault/questions";
import { createVault } from "@hi-stranger/vault/vault";
import { CliError } from "../errors.ts";
import { exitCodes } from "../exit-codes.ts";
import { type NewPassphrase, chooseNewPassphrase } from "./new-passphrase.ts";
import { askForQuestions, readChosenQuestions, toChoice } from "./question-input.ts";
import { showRecoveryCode } from "./show-once.ts";
import { printResult, setPrinted } from "./secret-output.ts";
import type { VaultContext } from "./vault-context.ts";

export interface InitOptions {
  readonly passphraseFd?: number;
  readonly generate?: PassphraseStyle | true;
  /** False by `--no-questions`. */
  readonly questions: boolean;
  readonly answersFd?: number;
  readonly answersNeeded?: number;
  /** False by `--no-recovery-code`. */
  readonly recoveryCode: boolean;
}

export async function initVault(context: VaultContext, options: InitOptions): Promise<void> {
  const { output, place, secrets } = context;
  if (await place.hasVault()) throw new VaultError("vault_exists");
  const platform = await place.openPlatform();
  await checkKeyStore(platform, place.keyFolder);
  output.note(`A new vault in ${place.folder}\n`);
  const chosen = await chooseNewPassphrase(context, {
    fd: options.passphraseFd,
    style: styleOf(options.generate),
    option: "--passphrase-fd",
  });
  const choice = await chooseQuestions(context, options);
  const recoveryCode = await setPrinted(output, chosen, async () =>
    setUp(platform, chosen, choice, options.recoveryCode),
  );
  const isShown = secrets.hasTerminal && !output.isJson;
  try {
    if (recoveryCode && isShown) await showRecoveryCode(secrets.terminal(""), recoveryCode);
    await printResult(output, {
      told: {
        vault: place.folder,
        key_store: platform.deviceKeys.backend,
        question_count: choice?.questions.length ?? 0,
        answers_needed: choice ? (choice.threshold ?? choice.questions.length) : 0,
      },
      recoveryCode: isShown ? null : recoveryCode,
      hasPassphrase: chosen.isUnseen,
      outcome: "The vault is set up, and its passphrase opens it.",
    });
    output.note(describeWaysIn(recoveryCode !== null, choice));
  } finally {
    wipe(recoveryCode);
  }
}

/** Leaves the vault locked, and the passphrase and the answers wiped; gives the recovery code, if one was made. */
async function setUp(
  platform: VaultPlatform,
  { passphrase }: NewPassphrase,
  questions: QuestionChoice | null,
  withRecoveryCode: boolean,
): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    const made = await createVault(platform, { passphrase, questions, withRecoveryCode });
    await made.vault.close();
    return made.recoveryCode;
  } finally {
    wipe(passphrase, ...(questions?.questions ?? []).map(({ answer }) => answer));
  }
}

/** The style that `--generate [style]` asks for. */
export function styleOf(generate: PassphraseStyle | true | undefined): PassphraseStyle | undefined {
  return generate === true ? "syllables" : generate;
}

/** The questions as handed over or asked for; null for none. */
export async function chooseQuestions(
  { secrets }: VaultContext,
  {
    questions,
    answersFd,
    answersNeeded,
  }: Pick<InitOptions, "questions" | "answersFd" | "answersNeeded">,
): Promise<QuestionChoice | null> {
  if (!questions) return null;
  if (answersFd !== undefined) {
    return toChoice(await readChosenQuestions(secrets, answersFd), answersNeeded);
  }
  const terminal = secrets.terminal(
    "Hand questions and answers over by --answers-fd, or do without: --no-questions.",
  );
  return toChoice(await askForQuestions(terminal), answersNeeded);
}

/** Before anything is asked: a set-up that couldn't end would be time and trust lost. */
async function checkKeyStore({ deviceKeys }: VaultPlatform, keyFolder: string): Promise<void> {
  try {
    await deviceKeys.open("0".repeat(32));
  } catch (error) {
    if (!isVaultError(error, "key_store_unreachable") || deviceKeys.backend === "file") throw error;
    throw new CliError(
      "key_store_unreachable",
      "No keychain can be reached, where this device's key is to be kept.",
      {
        exitCode: exitCodes.unreachable,
        hint:
          `The key can be kept in a file instead, readable by your account alone:\n` +
          `  npx hi vault init --key-store file\n` +
          `It goes to ${keyFolder}.\n` +
          `Whoever gets that file together with the vault's folder can try to guess your\n` +
          `answers, and nobody can without it: never copy the two to one place.\n` +
          `Or start a keychain (Secret Service) and run this again.`,
        cause: error,
      },
    );
  }
}

function describeWaysIn(hasCode: boolean, choice: QuestionChoice | null): string {
  const ways = [
    hasCode ? ["the recovery code, on any device"] : [],
    choice ? ["the answers to your questions, on this device"] : [],
  ].flat();
  const forgotten =
    ways.length > 0
      ? `Forgot the passphrase? These open the vault:\n${ways.map((way) => `  - ${way}\n`).join("")}`
      : "Forgetting the passphrase loses everything: there is no other way in.\n";
  const lost =
    ways.length > 0
      ? "Without passphrase, code and answers it is lost: nobody can recover it.\n"
      : "";
  return (
    `\nThe vault is set up, and locked.\n\n${forgotten}${lost}\n` +
    "Next:\n  npx hi vault unlock\n  npx hi vault put NAME < FILE"
  );
}
