/** The commands for what opens a vault: passphrase, recovery code and questions. */
import type { Command } from "commander";
import type { Run } from "../command.ts";
import { examples } from "../command.ts";
import { onVault } from "./vault-group.ts";
import {
  addAnswersOptions,
  addDescriptorOption,
  addGenerateOption,
  addPassphraseOption,
} from "./vault-options.ts";

export function addVaultSecretCommands(vault: Command, run: Run): void {
  addPasswd(vault, run);
  addRecover(vault, run);
  const questions = vault
    .command("questions")
    .summary("set other questions, or none")
    .description(
      "Put other questions and answers in the place of those there are. The vault must be unlocked, and asks for the passphrase again.",
    );
  addPassphraseOption(questions);
  addAnswersOptions(questions);
  questions
    .option("--none", "have no questions any more")
    .addHelpText(
      "after",
      examples(
        ["npx hi vault questions", "answer what it asks"],
        ["npx hi vault questions --none", "do without"],
      ),
    )
    .action(
      onVault(vault, run, async () => (await import("../vault/change-secrets.ts")).setQuestions),
    );
  const code = vault
    .command("code")
    .summary("make another recovery code")
    .description(
      "Make another recovery code and show it once. The one before is void. The vault must be unlocked, and asks for the passphrase again.",
    );
  addPassphraseOption(code);
  code
    .addHelpText("after", examples(["npx hi vault code", "when the code was lost, or seen"]))
    .action(
      onVault(vault, run, async () => (await import("../vault/change-secrets.ts")).renewCode),
    );
}

function addPasswd(vault: Command, run: Run): void {
  const passwd = vault
    .command("passwd")
    .summary("change the passphrase")
    .description(
      "Change the passphrase. The vault must be unlocked, and asks for the current passphrase again. The recovery code and the questions stay.",
    );
  addPassphraseOption(passwd, "the current passphrase");
  addDescriptorOption(passwd, "--new-passphrase-fd <n>", "the new passphrase");
  addGenerateOption(passwd);
  passwd
    .addHelpText(
      "after",
      examples(
        ["npx hi vault passwd", "answer what it asks"],
        [
          "npx hi vault passwd --passphrase-fd 0 --new-passphrase-fd 0 < both.txt",
          "from a script: the current one and the new one, a line each",
        ],
      ),
    )
    .action(
      onVault(
        vault,
        run,
        async () => (await import("../vault/change-secrets.ts")).changePassphrase,
      ),
    );
}

function addRecover(vault: Command, run: Run): void {
  const recover = vault
    .command("recover")
    .summary("set a new passphrase by the recovery code or the answers")
    .description(
      `Set a new passphrase when the old one is forgotten: by the recovery code, or by the answers to your questions on the device that they were set on. It makes another recovery code, shows it once, and ends every session.`,
    )
    .option("--code", "by the recovery code")
    .option("--answers", "by the answers");
  addDescriptorOption(recover, "--code-fd <n>", "the recovery code");
  addDescriptorOption(
    recover,
    "--answers-fd <n>",
    "the answers, on each line a question, or its number in the catalogue, a tab and its answer,",
  );
  addDescriptorOption(recover, "--new-passphrase-fd <n>", "the new passphrase");
  addGenerateOption(recover);
  recover
    .option("--lock", "end the session of a vault that is unlocked, without asking")
    .option("--accept-old-copy", "open it although an old copy was put back")
    .option(
      "--accept-new-auth",
      "open it although its questions and log can't be read here, and lose them",
    )
    .addHelpText(
      "after",
      examples(
        ["npx hi vault recover", "answer what it asks"],
        ["npx hi vault recover --code --generate", "by the code, with a passphrase made up"],
      ),
    )
    .action(onVault(vault, run, async () => (await import("../vault/recover.ts")).recover));
}
