/**
 * Taking hold of the vault for as long as something needs it: while it is open or being recovered, and
 * otherwise for one operation. So a tab whose vault is locked keeps nobody out.
 */
import type { VaultPlatform } from "../ports.ts";
import type { createSerialQueue } from "../serial-queue.ts";
import { type Vault, openVault } from "../vault.ts";
import { VaultError } from "../vault-error.ts";

export interface VaultHolder {
  /** The handle while the vault is held, null otherwise. */
  current(): Vault | null;
  /** The handle. @throws {VaultError} `vault_locked` when the vault is not held. */
  held(): Vault;
  /** Does `work` with the vault, and lets go of it unless it is open then. */
  use<Result>(work: (vault: Vault) => Promise<Result>): Promise<Result>;
  /** Locks the vault and lets go of it. */
  letGo(): Promise<void>;
}

export interface VaultHolderOptions {
  readonly platform: Promise<VaultPlatform>;
  /** In which everything here runs. */
  readonly serially: ReturnType<typeof createSerialQueue>;
  /** Told whenever a vault that was open is not any more. */
  readonly onLocked: () => void;
}

const lookAgainMs = 30_000;

export function createVaultHolder({
  platform,
  serially,
  onLocked,
}: VaultHolderOptions): VaultHolder {
  let vault: Vault | null = null;
  /** Whether it was open when it was last looked at. */
  let wasOpen = false;
  let callOff: (() => void) | null = null;

  const letGo = async (): Promise<void> => {
    const held = vault;
    vault = null;
    try {
      await held?.close();
    } finally {
      if (wasOpen) onLocked();
      wasOpen = false;
    }
  };
  const settle = async (): Promise<void> => {
    const status = await vault?.status();
    if (status !== "unlocked" && status !== "recovering") return letGo();
    wasOpen = true;
    if (status === "recovering") await lookAgain();
  };
  /** A recovery that nobody ends runs out without a word. */
  const lookAgain = async (): Promise<void> => {
    callOff?.();
    const { scheduler } = await platform;
    callOff = scheduler.after(lookAgainMs, () => void serially(settle));
  };

  return {
    current: () => vault,
    held() {
      if (!vault) throw new VaultError("vault_locked");
      return vault;
    },
    async use(work) {
      // The vault calls back when its last session has ended and it has locked itself.
      vault ??= await openVault(await platform, { onLocked: () => void serially(settle) });
      try {
        return await work(vault);
      } finally {
        await settle();
      }
    },
    letGo,
  };
}
