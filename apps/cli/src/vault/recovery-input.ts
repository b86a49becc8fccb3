/** What a vault is recovered by: the recovery code or the answers, read before anything is tried. */
import type { GivenAnswer, Question } from "@hi-stranger/vault/handle/recovering";
import { wipe } from "@hi-stranger/vault/secret-bytes";
import { parseRecoveryCode } from "@hi-stranger/vault/slots/recovery-code";
import { VaultError } from "@hi-stranger/vault/vault-error";
import { CliError } from "../errors.ts";
import { callUnlocked, isLocked } from "./agent-process.ts";
import { askAnswers, readGivenAnswers } from "./question-input.ts";
import { type VaultContext, withVaultHere } from "./vault-context.ts";

/** Wiped by {@link wipeSecret}. */
export type RecoverySecret =
  { readonly code: Uint8Array<ArrayBuffer> } | { readonly answers: readonly GivenAnswer[] };

/** @throws {VaultError} `mistyped_code`. */
export async function readCode(
  { secrets }: VaultContext,
  fd: number | undefined,
): Promise<RecoverySecret> {
  const code =
    fd === undefined
      ? await secrets.terminal("Hand the code over by --code-fd.").askSecret("Recovery code: ")
      : await secrets.line(fd, "recovery code");
  const values = parseRecoveryCode(code);
  if (values) {
    wipe(values);
    return { code };
  }
  wipe(code);
  throw new VaultError("mistyped_code");
}

/** @throws {CliError} `no_questions`, or when a line answers another question. */
export async function readAnswers(
  context: VaultContext,
  fd: number | undefined,
): Promise<RecoverySecret> {
  const { secrets } = context;
  if (fd === undefined) secrets.terminal("Hand the answers over by --answers-fd.");
  const questions = await getQuestions(context);
  if (questions.length === 0) {
    throw new CliError("no_questions", "The vault has no questions.", {
      hint: "The recovery code opens it:\n  npx hi vault recover --code",
    });
  }
  if (fd !== undefined) return { answers: await readGivenAnswers(secrets, fd, questions) };
  const terminal = secrets.terminal("");
  terminal.show("Answer all of them; whether they are right is said at the end.\n");
  return { answers: await askAnswers(terminal, questions) };
}

export function wipeSecret(secret: RecoverySecret): void {
  if ("code" in secret) wipe(secret.code);
  else wipe(...secret.answers.map(({ answer }) => answer));
}

/** Asks the agent, as long as it holds the vault. */
async function getQuestions(context: VaultContext): Promise<readonly Question[]> {
  const { place, signal } = context;
  try {
    const call = { method: "getQuestions", params: {}, signal } as const;
    return (await callUnlocked(place, call)).result.questions;
  } catch (error) {
    if (!isLocked(error)) throw error;
  }
  return withVaultHere(context, async (vault) => vault.getQuestions());
}
