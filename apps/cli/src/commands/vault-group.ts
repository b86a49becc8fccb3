/** How the commands of `hi vault` are put together. */
import type { Command } from "commander";
import type { Run } from "../command.ts";
import type { VaultHandler } from "../vault/vault-context.ts";
import type { VaultOptions } from "../vault/vault-place.ts";

/**
 * Makes Commander's callback of a handler. The vault's code is large, so a command loads its own when
 * it runs.
 */
export function onVault<Args extends unknown[]>(
  vault: Command,
  run: Run,
  load: () => Promise<VaultHandler<Args>>,
): (...args: Args) => Promise<void> {
  return run(async (context, ...args: Args) => {
    const { withVaultContext } = await import("../vault/vault-context.ts");
    const handler = await load();
    return withVaultContext(context, vault.opts<VaultOptions>(), (vaultContext) =>
      handler(vaultContext, ...args),
    );
  });
}
