/**
 * `hi vault recover`: a new passphrase by the recovery code or the answers.
 *
 * Recovering takes the vault from the agent, if one holds it, and that may be the last session that
 * opens it. So everything that can be asked, read and checked before is, and the session is ended by
 * consent alone.
 */
import type { PassphraseStyle } from "@hi-stranger/vault/passphrase/generate-passphrase";
import { wipe } from "@hi-stranger/vault/secret-bytes";
import { VaultError } from "@hi-stranger/vault/vault-error";
import type { ResetResult } from "@hi-stranger/vault/handle/resetting";
import { CliError, usageError } from "../errors.ts";
import { exitCodes } from "../exit-codes.ts";
import { hasAgent, lockAgent } from "./agent-process.ts";
import { styleOf } from "./init.ts";
import { type NewPassphrase, chooseNewPassphrase } from "./new-passphrase.ts";
import { type RecoverySecret, readAnswers, readCode, wipeSecret } from "./recovery-input.ts";
import { printResult, setPrinted } from "./secret-output.ts";
import { showRecoveryCode } from "./show-once.ts";
import { type VaultContext, withVaultHere } from "./vault-context.ts";

export interface RecoverOptions {
  readonly code?: boolean;
  readonly answers?: boolean;
  readonly codeFd?: number;
  readonly answersFd?: number;
  readonly newPassphraseFd?: number;
  readonly generate?: PassphraseStyle | true;
  /** Ends the session of a vault that is unlocked, without asking. */
  readonly lock?: boolean;
  readonly acceptOldCopy?: boolean;
  readonly acceptNewAuth?: boolean;
}

export async function recover(context: VaultContext, options: RecoverOptions): Promise<void> {
  const { output, place, secrets } = context;
  if (!(await place.hasVault())) throw new VaultError("no_vault");
  const byCode = await chooseWay(context, options);
  const secret = byCode
    ? await readCode(context, options.codeFd)
    : await readAnswers(context, options.answersFd);
  const { isUnseen, recoveryCode, notices } = await resetBy(context, secret, options).finally(() =>
    wipeSecret(secret),
  );
  context.notice(notices);
  const isShown = secrets.hasTerminal && !output.isJson;
  const outcome = "The new passphrase is set. The recovery code is a new one too: the old is void.";
  try {
    if (isShown) {
      output.note(`\n${outcome}`);
      await showRecoveryCode(secrets.terminal(""), recoveryCode);
    }
    await printResult(output, {
      told: { vault: place.folder, notices },
      recoveryCode: isShown ? null : recoveryCode,
      hasPassphrase: isUnseen,
      outcome,
    });
  } finally {
    wipe(recoveryCode);
  }
  const questions = notices.includes("questions_void") ? "\n  npx hi vault questions" : "";
  if (!isShown) output.note(`\n${outcome}`);
  output.note(`\nAll sessions have ended. Next:\n  npx hi vault unlock${questions}`);
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

/** Tries the secret, and sets a new passphrase when it is right. */
async function resetBy(
  context: VaultContext,
  secret: RecoverySecret,
  options: RecoverOptions,
): Promise<ResetResult & Pick<NewPassphrase, "isUnseen">> {
  const { output, secrets } = context;
  const { acceptOldCopy = false, acceptNewAuth = false } = options;
  const consents = { acceptOldCopy, acceptNewAuth };
  const given = await readNewPassphrase(context, options);
  await endSession(context, options.lock === true);
  return withVaultHere(context, async (vault) => {
    await vault.recover({ ...secret, ...consents });
    if (!given && secrets.hasTerminal && !output.isJson) {
      output.note("\nThat is right. Within ten minutes, set a new passphrase.\n");
    }
    const chosen = given ?? (await chooseNewPassphrase(context, newPassphraseInput(options)));
    const { passphrase, isUnseen } = chosen;
    const reset = await setPrinted(output, chosen, async () =>
      vault.reset({ passphrase, ...consents }),
    ).finally(() => wipe(passphrase));
    return { ...reset, isUnseen };
  });
}

/** The new passphrase when a descriptor has it; null when it is made up or asked for once the secret is right. */
async function readNewPassphrase(
  context: VaultContext,
  options: RecoverOptions,
): Promise<NewPassphrase | null> {
  const input = newPassphraseInput(options);
  if (input.style !== undefined) return null;
  if (input.fd !== undefined) return chooseNewPassphrase(context, input);
  context.secrets.terminal(
    `Hand the new passphrase over by ${input.option}, or have one made up by --generate.`,
  );
  return null;
}

function newPassphraseInput({ newPassphraseFd, generate }: RecoverOptions) {
  return { fd: newPassphraseFd, style: styleOf(generate), option: "--new-passphrase-fd" };
}

/** Locks the vault where an agent holds it, when that is wanted. @throws {CliError} `vault_unlocked`. */
async function endSession(
  { place, secrets, signal }: VaultContext,
  isWanted: boolean,
): Promise<void> {
  const mayLock = isWanted || !(await hasAgent(place)) || (await isLockAccepted(secrets));
  if (!mayLock) {
    throw new CliError("vault_unlocked", "The vault is unlocked, and recovering locks it.", {
      exitCode: exitCodes.unreachable,
      hint:
        "Until it is locked, what is in it can be read:\n  npx hi vault list\n" +
        "To lock it and go on:\n  npx hi vault recover --lock",
    });
  }
  await lockAgent(place, signal);
}

async function isLockAccepted(secrets: VaultContext["secrets"]): Promise<boolean> {
  if (!secrets.hasTerminal) return false;
  const terminal = secrets.terminal("");
  terminal.show(
    "\nThe vault is unlocked, and recovering locks it. If you can't recover, what is in it can\n" +
      "be read only until then: npx hi vault list\n",
  );
  return terminal.confirm("Lock it and go on? [y/N] ");
}
