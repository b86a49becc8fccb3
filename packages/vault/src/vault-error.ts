/**
 * Every error of the vault, by its stable code, with what to do about it.
 *
 * Every failure of a secret has one message: it never says which part was wrong, nor whether the
 * secret or a file is at fault. No message holds a secret, a question or a record.
 */

/** What is said unless the place that throws knows better. */
const messagesByCode = {
  vault_locked: "The vault is locked. Unlock it first.",
  unlock_failed: "That didn't open the vault. Check what you typed and try again.",
  locked_out: "Too many failed attempts. Wait, then try again.",
  vault_in_use: "Another process or tab has this vault open. Lock it there, then try again.",
  no_vault: "There is no vault here. Set one up, or import a bundle.",
  vault_exists: "There is a vault here already. Unlock it, or choose another place.",
  newer_version: "A later version of Hi Stranger wrote this. Update, then try again.",
  old_copy:
    "A part of the vault is older than the others, as if an old copy had been put back. Put the newest copy back, or accept the old one and lose what came after it.",
  damaged:
    "A file of the vault is damaged. Run the check to see which, then restore it from a copy or import a bundle.",
  auth_unreadable:
    "The vault's sign-in data (auth.db) can't be read: another key store was chosen, the vault came from another device, or the file is damaged or gone. Choose the key store that the vault was set up with, or put the file back. Or have it made anew: the questions, the count of failed attempts and the log in it are lost.",
  no_device_key:
    "This device has no key for the vault's questions. Use the passphrase or the recovery code.",
  key_store_unreachable:
    "The device's key store can't be reached. Unlock the keychain, or choose the key store that the vault was set up with.",
  weak_passphrase: "This passphrase is too easy to guess. See the reasons and choose another.",
  invalid_questions: "These questions or answers can't be used. See the reasons.",
  hostile_parameters:
    "The file asks for a key derivation out of bounds, so it was changed by someone. Restore it from a copy.",
  mistyped_code: "This recovery code has a typing mistake. Compare it with what you wrote down.",
  recovery_expired:
    "The ten minutes to set a new passphrase are over, or no recovery has begun. Recover again.",
  session_invalid: "This session has ended. Unlock the vault again.",
  invalid_choice: "This choice isn't offered.",
  invalid_bundle: "This isn't a whole bundle of a vault. Nothing was imported.",
  disk_full: "There is no room left to write. Free some space and try again; nothing was changed.",
  read_only:
    "The vault's folder can't be written to. Change its permissions and try again; nothing was changed.",
} as const satisfies Record<string, string>;

export type VaultErrorCode = keyof typeof messagesByCode;

/** What an error tells besides its code; never a secret. */
export interface VaultErrorDetails {
  /** `locked_out`: whole seconds until the next attempt counts. */
  readonly retryAfterSeconds?: number;
  /** `weak_passphrase`, `invalid_questions`: codes of what is wrong, see where they are thrown. */
  readonly reasons?: readonly string[];
  /** `old_copy`, `damaged`: the parts at fault, such as `vault.db`. */
  readonly parts?: readonly string[];
  readonly cause?: unknown;
}

/** An error with a code, to be shown or acted upon. */
export class VaultError extends Error {
  override readonly name = "VaultError";
  readonly code: VaultErrorCode;
  readonly retryAfterSeconds: number | null;
  readonly reasons: readonly string[];
  readonly parts: readonly string[];

  constructor(code: VaultErrorCode, details: VaultErrorDetails = {}, message?: string) {
    super(message ?? messagesByCode[code], { cause: details.cause });
    this.code = code;
    this.retryAfterSeconds = details.retryAfterSeconds ?? null;
    this.reasons = details.reasons ?? [];
    this.parts = details.parts ?? [];
  }
}

/** Whether `error` is a {@link VaultError} with one of `codes`. */
export function isVaultError(error: unknown, ...codes: readonly VaultErrorCode[]): boolean {
  return error instanceof VaultError && codes.includes(error.code);
}
