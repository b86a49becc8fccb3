/** `hi vault`: an encrypted vault on this device. No store is needed, and no network. */
import type { AddCommand } from "../command.ts";
import { examples } from "../command.ts";
import { readChoice } from "../option-values.ts";
import { addVaultContentCommands } from "./vault-content.ts";
import { addVaultOpeningCommands } from "./vault-opening.ts";
import { addVaultSecretCommands } from "./vault-secrets.ts";

export const addVaultCommand: AddCommand = (program, run) => {
  const vault = program
    .command("vault")
    .summary("keep personas, chats and secrets encrypted on this device")
    .description(
      `Keep personas, chats and secrets on this device, behind a passphrase. Nothing leaves the device.

Once unlocked, an agent holds the vault open for the next commands, until its session ends or you lock it. Secrets are asked for, or come by a file descriptor; they are never arguments.`,
    )
    .option(
      "--vault <folder>",
      "the vault's folder (default: $HI_VAULT, or hi-stranger/vault in the user's data)",
    )
    .option(
      "--key-store <keychain|file>",
      "where the device key is kept (default: as found, or the keychain)",
      readChoice(["keychain", "file"]),
    )
    .addHelpText(
      "after",
      examples(
        ["npx hi vault init", "set a vault up"],
        ["npx hi vault unlock", "open it for the next commands"],
        ["npx hi vault put mail-token < token.txt", "keep a secret"],
        ["npx hi vault get mail-token", "get it back"],
        ["npx hi vault lock", "close it"],
        ["npx hi vault recover", "set a new passphrase when you forgot it"],
      ),
    );
  addVaultOpeningCommands(vault, run);
  addVaultContentCommands(vault, run);
  addVaultSecretCommands(vault, run);
};
