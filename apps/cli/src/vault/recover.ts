/** `hi vault recover`: a new passphrase by the recovery code or the answers. */
import type { PassphraseStyle } from "@hi-stranger/vault/passphrase/generate-passphrase";
import { wipe } from "@hi-stranger/vault/secret-bytes";
import { VaultError } from "@hi-stranger/vault/vault-error";
import type { RecoverInput } from "@hi-stranger/vault/handle/recovering";
import type { Vault } from "@hi-stranger/vault/vault";
import { CliError, usageError } from "../errors.ts";
import { lockAgent } from "./agent-process.ts";
import { styleOf } from "./init.ts";
import { chooseNewPassphrase } from "./new-passphrase.ts";
import { askAnswers, readGivenAnswers } from "./question-input.ts";
import { writeJsonWith, writeSecretLine } from "./secret-output.ts";
import { showRecoveryCode } from "./show-once.ts";
import { type VaultContext, withVaultHere } from "./vault-context.ts";

export interface RecoverOptions {
  readonly code?: boolean;
  readonly answers?: boolean;
  readonly codeFd?: number;
  readonly answersFd?: number;
  readonly newPassphraseFd?: number;
  readonly generate?: PassphraseStyle | true;
  readonly acceptOldCopy?: boolean;
  readonly acceptNewAuth?: boolean;
}

export async function recover(context: VaultContext, options: RecoverOptions): Promise<void> {
  const { output, place, secrets, signal } = context;
  if (!(await place.hasVault())) throw new VaultError("no_vault");
  const byCode = await chooseWay(context, options);
  // Whoever has forgotten the passphrase may still have the vault open.
  await lockAgent(place, signal);
  const { passphrase, isUnseen, reset } = await withVaultHere(context, async (vault) => {
    const secret = byCode
      ? { code: await readCode(context, options.codeFd) }
      : { answers: await readAnswers(context, vault, options.answersFd) };
    await vault.recover(secret).finally(() => wipeSecret(secret));
    if (secrets.hasTerminal && !output.isJson) {
      output.note("\nThat is right. Within ten minutes, set a new passphrase.\n");
    }
    const chosen = await chooseNewPassphrase(context, {
      fd: options.newPassphraseFd,
      style: styleOf(options.generate),
      option: "--new-passphrase-fd",
    });
    const { acceptOldCopy = false, acceptNewAuth = false } = options;
    const reset = await vault.reset({
      passphrase: chosen.passphrase,
      acceptOldCopy,
      acceptNewAuth,
    });
    return { ...chosen, reset };
  });
  const { recoveryCode, notices } = reset;
  context.notice(notices);
  try {
    if (output.isJson) {
      const shown = { passphrase: isUnseen ? passphrase : null, recovery_code: recoveryCode };
      await writeJsonWith(output, { vault: place.folder, notices }, shown);
      return;
    }
    if (isUnseen) await writeSecretLine(output, "Passphrase", passphrase);
    output.note(
      "\nThe new passphrase is set. The recovery code is a new one too: the old is void.",
    );
    if (secrets.hasTerminal) await showRecoveryCode(secrets.terminal(""), recoveryCode);
    else await writeSecretLine(output, "Recovery code", recoveryCode);
    const questions = notices.includes("questions_void") ? "\n  npx hi vault questions" : "";
    output.note(`\nAll sessions have ended. Next:\n  npx hi vault unlock${questions}`);
  } finally {
    wipe(passphrase, recoveryCode);
  }
}

/** Whether it is by the code. */
async function chooseWay(
  { secrets }: VaultContext,
  { code, answers, codeFd, answersFd }: RecoverOptions,
): Promise<boolean> {
  const byCode = code === true || codeFd !== undefined;
  const byAnswers = answers === true || answersFd !== undefined;
  if (byCode && byAnswers) throw usageError("Recover by the code or by the answers, not by both.");
  if (byCode || byAnswers) return byCode;
  const terminal = secrets.terminal("Say how: --code-fd N, or --answers-fd N.");
  terminal.show(
    "Recover by\n  1  the recovery code\n  2  the answers to your questions, on this device\n",
  );
  for (;;) {
    const choice = await terminal.ask("Which? [1/2] ");
    if (choice === "1" || choice === "2") return choice === "1";
  }
}

async function readCode(
  { secrets }: VaultContext,
  fd: number | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  if (fd !== undefined) return secrets.line(fd, "recovery code");
  return secrets.terminal("Hand the code over by --code-fd.").askSecret("Recovery code: ");
}

async function readAnswers(
  { secrets }: VaultContext,
  vault: Vault,
  fd: number | undefined,
): Promise<Extract<RecoverInput, { answers: unknown }>["answers"]> {
  const questions = await vault.getQuestions();
  if (questions.length === 0) {
    throw new CliError("no_questions", "The vault has no questions.", {
      hint: "The recovery code opens it:\n  npx hi vault recover --code",
    });
  }
  if (fd !== undefined) return readGivenAnswers(secrets, fd, questions);
  const terminal = secrets.terminal("Hand the answers over by --answers-fd.");
  terminal.show("Answer all of them; whether they are right is said at the end.\n");
  return askAnswers(terminal, questions);
}

function wipeSecret(secret: RecoverInput): void {
  if ("code" in secret) wipe(secret.code);
  else wipe(...secret.answers.map(({ answer }) => answer));
}
