/** The commands that set a vault up, open and close it, and say how it is. */
import type { Command } from "commander";
import type { Run } from "../command.ts";
import { examples } from "../command.ts";
import {
  addAnswersOptions,
  addGenerateOption,
  addPassphraseOption,
  readMinutes,
} from "./vault-options.ts";
import { onVault } from "./vault-group.ts";

export function addVaultOpeningCommands(vault: Command, run: Run): void {
  addInit(vault, run);
  addUnlock(vault, run);
  vault
    .command("lock")
    .summary("close the vault and end every session")
    .description("Close the vault: the agent wipes its keys and ends. Needs no passphrase.")
    .addHelpText("after", examples(["npx hi vault lock", "close it"]))
    .action(onVault(vault, run, async () => (await import("../vault/unlock.ts")).lock));
  vault
    .command("status")
    .summary("say whether it is unlocked, until when, and who holds it")
    .description(
      "Say whether the vault is unlocked, until when, who holds it, where the device key is, and how many attempts are left. Needs no passphrase, and doesn't lengthen the session.",
    )
    .addHelpText(
      "after",
      examples(
        ["npx hi vault status", "look at it"],
        ["npx hi vault status --json | jq -r .state", "empty, locked, unlocked or in_use"],
      ),
    )
    .action(onVault(vault, run, async () => (await import("../vault/status.ts")).showStatus));
  vault
    .command("check")
    .summary("say of each file whether it is there and whole")
    .description(
      "Say of each of the vault's files whether it is there and whole. Needs no passphrase, opens nothing and changes nothing. The exit code is 9 when something is missing or damaged.",
    )
    .addHelpText("after", examples(["npx hi vault check", "look it over"]))
    .action(onVault(vault, run, async () => (await import("../vault/check-files.ts")).showCheck));
  vault
    .command("agent", { hidden: true })
    .description("Hold a vault open. `hi vault unlock` starts this.")
    .action(
      onVault(vault, run, async () => (await import("../vault/agent-main.ts")).runAgentProcess),
    );
}

function addInit(vault: Command, run: Run): void {
  const init = vault
    .command("init")
    .summary("set a vault up")
    .description(
      `Set a vault up: a passphrase, questions for the day you forget it, and a recovery code that is shown once.

Without a terminal, hand the secrets over by file descriptors; the recovery code is then printed.`,
    );
  addPassphraseOption(init);
  addGenerateOption(init);
  addAnswersOptions(init);
  init
    .option("--no-questions", "have no questions")
    .option("--no-recovery-code", "have no recovery code")
    .addHelpText(
      "after",
      examples(
        ["npx hi vault init", "answer what it asks"],
        ["npx hi vault init --generate", "have a passphrase made up"],
        [
          "npx hi vault init --key-store file --no-questions --json --passphrase-fd 0 < passphrase.txt",
          "from a script, on a machine without a keychain",
        ],
      ),
    )
    .action(onVault(vault, run, async () => (await import("../vault/init.ts")).initVault));
}

function addUnlock(vault: Command, run: Run): void {
  const unlock = vault
    .command("unlock")
    .summary("open the vault for the next commands")
    .description(
      `Open the vault. An agent, a process of your own account, holds it for the next commands until its session has not been used for the given time, 12 hours have passed, or you lock it.`,
    );
  addPassphraseOption(unlock);
  unlock
    .option(
      "--minutes <5|15|30|60|120>",
      "how long it stays open unless it is used",
      readMinutes,
      30,
    )
    .option("--accept-old-copy", "open it although an old copy was put back")
    .option(
      "--accept-new-auth",
      "open it although its questions and log can't be read here, and lose them",
    )
    .addHelpText(
      "after",
      examples(
        ["npx hi vault unlock", "for half an hour"],
        ["npx hi vault unlock --minutes 5", "for a moment"],
        ["npx hi vault unlock --passphrase-fd 3 3< passphrase.txt", "from a script"],
      ),
    )
    .action(onVault(vault, run, async () => (await import("../vault/unlock.ts")).unlock));
}
