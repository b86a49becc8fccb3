/** What every command of `hi vault` gets, besides what every command gets. */
import { noticeTexts } from "@hi-stranger/vault/notices";
import type { Notice } from "@hi-stranger/vault/notices";
import { type Vault, openVault } from "@hi-stranger/vault/vault";
import type { Context } from "../context.ts";
import type { ExitCode } from "../exit-codes.ts";
import { fromVaultError } from "./failure-error.ts";
import { type SecretInput, createSecretInput } from "./secret-input.ts";
import { type VaultOptions, type VaultPlace, findVaultPlace } from "./vault-place.ts";

export interface VaultContext extends Context {
  readonly place: VaultPlace;
  readonly secrets: SecretInput;
  /** Says what an operation had to tell besides that it succeeded. */
  notice(notices: readonly Notice[]): void;
}

/** What a command of `hi vault` does; the exit code is 0 unless it says otherwise. */
export type VaultHandler<Args extends unknown[]> = (
  context: VaultContext,
  ...args: Args
) => Promise<ExitCode | void>;

/** Runs `work`, gives the terminal back, and says the vault's errors in the command line's words. */
export async function withVaultContext(
  context: Context,
  options: VaultOptions,
  work: (context: VaultContext) => Promise<ExitCode | void>,
): Promise<ExitCode | void> {
  const secrets = createSecretInput(context.signal);
  const notice = (notices: readonly Notice[]): void => {
    for (const name of notices) context.output.warn(noticeTexts[name]);
  };
  try {
    return await work({ ...context, place: findVaultPlace(options), secrets, notice });
  } catch (error) {
    throw fromVaultError(error);
  } finally {
    secrets.close();
  }
}

/** Does `work` on the vault in this process, which holds it alone meanwhile, and leaves it locked. */
export async function withVaultHere<Result>(
  { place }: VaultContext,
  work: (vault: Vault) => Promise<Result>,
): Promise<Result> {
  const vault = await openVault(await place.openPlatform());
  try {
    return await work(vault);
  } finally {
    await vault.close();
  }
}
