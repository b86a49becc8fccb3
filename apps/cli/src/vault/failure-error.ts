/** What a failure of the vault is to the person at the terminal: in their words, and what to do next. */
import { systemClock } from "@hi-stranger/core/clock";
import { VaultError, type VaultErrorCode } from "@hi-stranger/vault/vault-error";
import { CliError } from "../errors.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { type Failure, toFailure } from "./failure.ts";
import { formatWait } from "./times.ts";
import { describeReason } from "./weaknesses.ts";

const exitCodesByCode: Partial<Record<VaultErrorCode, ExitCode>> = {
  vault_locked: exitCodes.vaultLocked,
  session_invalid: exitCodes.vaultLocked,
  unlock_failed: exitCodes.notAuthorised,
  mistyped_code: exitCodes.notAuthorised,
  locked_out: exitCodes.lockedOut,
  vault_in_use: exitCodes.unreachable,
  key_store_unreachable: exitCodes.unreachable,
  no_vault: exitCodes.notFound,
  old_copy: exitCodes.damaged,
  auth_unreadable: exitCodes.damaged,
  damaged: exitCodes.damaged,
  hostile_parameters: exitCodes.damaged,
  invalid_bundle: exitCodes.damaged,
  invalid_choice: exitCodes.usage,
};

/** Where the vault's own words are for every platform, and here one can say more. */
const messagesByCode: Partial<Record<VaultErrorCode, string>> = {
  vault_locked: "The vault is locked.",
  session_invalid: "The vault's session has ended.",
  vault_in_use: "Another process has this vault open.",
  no_vault: "There is no vault here.",
  vault_exists: "There is a vault here already.",
  key_store_unreachable: "The system's keychain, which keeps this device's key, can't be reached.",
  weak_passphrase: "This passphrase is too easy to guess.",
  invalid_questions: "These questions or answers can't be used.",
};

const hintsByCode: Partial<Record<VaultErrorCode, string>> = {
  vault_locked: "Unlock it:\n  npx hi vault unlock",
  session_invalid: "Unlock it again:\n  npx hi vault unlock",
  unlock_failed:
    "Forgotten? Recover with the recovery code or your answers:\n  npx hi vault recover",
  vault_in_use: "Lock it:\n  npx hi vault lock\nor wait until the other command is done.",
  no_vault: "Set one up:\n  npx hi vault init\nor name its folder by --vault or HI_VAULT.",
  vault_exists: "Unlock it:\n  npx hi vault unlock\nor name another folder by --vault or HI_VAULT.",
  old_copy:
    "Put the newest copy back. Or open the old one, and lose what came after it:\n  npx hi vault unlock --accept-old-copy\nThe option is for `recover` too.",
  auth_unreadable:
    "Was it set up with another key store? Name that by --key-store. On a new device, or with the key gone:\n  npx hi vault unlock --accept-new-auth\nThe option is for `recover` too.",
  damaged: "See which file it is:\n  npx hi vault check",
  key_store_unreachable:
    "Unlock or start the keychain. If the vault was set up with a key file, say so: --key-store file",
};

/** The error to end with for `failure`. */
export function toFailureError(failure: Failure): CliError {
  const { kind, message, retryAfterSeconds } = failure;
  if (kind === "internal") {
    return new CliError("internal_error", `Something went wrong inside the agent: ${message}`, {
      hint: "This is a bug. `npx hi vault lock` ends the agent.",
    });
  }
  if (kind !== "vault") return new CliError(failure.code, message);
  // The agent is this very program: its codes are ours.
  const code = failure.code as VaultErrorCode;
  const waits = retryAfterSeconds === null ? {} : { retry_after_seconds: retryAfterSeconds };
  const reasons = failure.reasons.length === 0 ? {} : { reasons: failure.reasons };
  const parts = failure.parts.length === 0 ? {} : { parts: failure.parts };
  return new CliError(code, describe(code, failure), {
    exitCode: exitCodesByCode[code] ?? exitCodes.failed,
    hint: hint(code, failure),
    members: { ...waits, ...reasons, ...parts },
  });
}

/** `error` as an error to end with, if it is one of the vault's. */
export function fromVaultError(error: unknown): unknown {
  return error instanceof VaultError ? toFailureError(toFailure(error)) : error;
}

function describe(code: VaultErrorCode, { message, retryAfterSeconds, parts }: Failure): string {
  if (code === "locked_out" && retryAfterSeconds !== null) {
    return `Too many attempts have failed. The next one counts from ${formatWait(retryAfterSeconds, systemClock.now())}.`;
  }
  if (code === "unlock_failed" && retryAfterSeconds !== null) {
    return `${message} Too many attempts have failed: the next one counts from ${formatWait(retryAfterSeconds, systemClock.now())}.`;
  }
  const where = parts.length > 0 ? ` (${parts.join(", ")})` : "";
  return `${messagesByCode[code] ?? message}${where}`;
}

function hint(code: VaultErrorCode, { reasons }: Failure): string | undefined {
  const said = reasons.map((reason) => `- ${describeReason(reason)}`).join("\n");
  return [said, hintsByCode[code] ?? ""].filter((text) => text !== "").join("\n") || undefined;
}
