/**
 * Printing secrets that were just made, once, without putting them into a string.
 *
 * What counts and was seen by nobody locks its owner out. So a passphrase is printed before it is set,
 * and a recovery code, which is made along with the change, at once afterwards; when one couldn't be
 * printed, the command fails and says what counts now and what to do. That a reader went away or a
 * disk was full is no success here.
 */
import { wipe } from "@hi-stranger/vault/secret-bytes";
import { CliError } from "../errors.ts";
import type { Output } from "../output.ts";
import type { NewPassphrase } from "./new-passphrase.ts";

/** What a command has done, to be printed with the code that it made. */
export interface MadeResult {
  /** The members of the result with `--json`, besides the secrets. */
  readonly told: Readonly<Record<string, unknown>>;
  /** ASCII; null when none was made, or when a person has seen it already. */
  readonly recoveryCode: Uint8Array | null;
  /** Whether {@link setPrinted} has printed a passphrase, and so begun the object of `--json`. */
  readonly hasPassphrase: boolean;
  /** What counts now, for when the code can't be printed. */
  readonly outcome: string;
}

const newCodeHint = "Make another:\n  npx hi vault unlock\n  npx hi vault code";

/**
 * Prints the passphrase when nobody has seen it yet, and only then does `set`. With `--json` that is the
 * beginning of the object which {@link printResult} ends.
 *
 * @throws {CliError} `secret_undelivered`, with nothing done.
 */
export async function setPrinted<Result>(
  output: Output,
  { passphrase, isUnseen }: NewPassphrase,
  set: () => Promise<Result>,
): Promise<Result> {
  if (!isUnseen) return set();
  const [before, after] = output.isJson ? ['{"passphrase":"', '"'] : ["Passphrase: ", "\n"];
  await deliver(
    output,
    [before, passphrase, after],
    "The passphrase that was made up couldn't be printed, so it was not set: nothing has changed.",
    "Run it again with stdout going where it can be written and is read, or at a terminal.",
  );
  try {
    return await set();
  } catch (error) {
    output.warn(
      "This failed: the printed passphrase counts only if `npx hi vault unlock` takes it.",
    );
    throw error;
  }
}

/**
 * Prints the result, and the code if one is to be printed: as an object with `--json`, otherwise the code
 * alone, on a line.
 *
 * @throws {CliError} `secret_undelivered` for a code.
 */
export async function printResult(
  output: Output,
  { told, recoveryCode, hasPassphrase, outcome }: MadeResult,
): Promise<void> {
  const members = JSON.stringify(told).slice(1, -1);
  const start = output.isJson ? `${hasPassphrase ? "," : "{"}${members}` : "";
  if (!recoveryCode) {
    if (output.isJson) await output.write(`${start}}\n`);
    return;
  }
  // It has letters, digits and hyphens alone, which JSON takes as they are.
  const [before, after] = output.isJson
    ? [`${start},"recovery_code":"`, '"}\n']
    : ["Recovery code: ", "\n"];
  const message = `${outcome} But the recovery code couldn't be printed, so nobody has it.`;
  await deliver(output, [before, recoveryCode, after], message, newCodeHint);
}

async function deliver(
  output: Output,
  [before, secret, after]: readonly [string, Uint8Array, string],
  message: string,
  hint: string,
): Promise<void> {
  const bytes = Buffer.concat([Buffer.from(before), secret, Buffer.from(after)]);
  try {
    await output.write(bytes);
  } catch (cause) {
    throw new CliError("secret_undelivered", message, { hint, cause });
  } finally {
    wipe(bytes);
  }
}
