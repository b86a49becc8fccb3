/** What every command of `hi vault` gets, besides what every command gets. */
import { setTimeout as wait } from "node:timers/promises";
import { type Notice, noticeTexts } from "@hi-stranger/vault/notices";
import type { VaultPlatform } from "@hi-stranger/vault/ports";
import type { Vault } from "@hi-stranger/vault/vault";
import { isVaultError } from "@hi-stranger/vault/vault-error";
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

const maxTries = 20;
const retryMs = 50;

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
  { place, signal }: VaultContext,
  work: (vault: Vault) => Promise<Result>,
): Promise<Result> {
  const vault = await openVaultSoon(await place.openPlatform(), signal);
  try {
    return await work(vault);
  } finally {
    await vault.close();
  }
}

/** Another command may be looking at the vault just now; that takes some milliseconds. */
async function openVaultSoon(platform: VaultPlatform, signal: AbortSignal): Promise<Vault> {
  // What most commands need is the agent alone; the vault takes a while to load.
  const { openVault } = await import("@hi-stranger/vault/vault");
  for (let tries = 1; ; tries++) {
    try {
      return await openVault(platform);
    } catch (error) {
      if (!isVaultError(error, "vault_in_use") || tries >= maxTries) throw error;
    }
    await wait(retryMs, undefined, { signal });
  }
}
