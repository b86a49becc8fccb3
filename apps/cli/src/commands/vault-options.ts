/** Options that several commands of `hi vault` take. */
import { type Command, InvalidArgumentError } from "commander";
import { readChoice, readInteger } from "../option-values.ts";

/** Adds `--passphrase-fd`. */
export function addPassphraseOption(command: Command, what = "the passphrase"): void {
  addDescriptorOption(command, "--passphrase-fd <n>", what);
}

/** Adds an option for a descriptor that a secret is read from. */
export function addDescriptorOption(command: Command, flags: string, what: string): void {
  command.option(
    flags,
    `read ${what} from this file descriptor, 0 being stdin, instead of asking`,
    readDescriptor,
  );
}

/** Adds `--generate [style]`. */
export function addGenerateOption(command: Command): void {
  command.option(
    "--generate [syllables|characters]",
    "make a passphrase up, to be remembered or for a password manager, and show it once",
    readChoice(["syllables", "characters"]),
  );
}

/** Adds `--answers-fd` and `--answers-needed`. */
export function addAnswersOptions(command: Command): void {
  command
    .option(
      "--answers-fd <n>",
      "read questions and answers from this file descriptor: on each line a question, or its number in the catalogue, a tab and the answer",
      readDescriptor,
    )
    .option(
      "--answers-needed <n>",
      "how many answers have to be right (default: all)",
      readInteger(2, 8),
    );
}

const minutesChoices = ["5", "15", "30", "60", "120"] as const;

/** Reads a session's length. */
export function readMinutes(text: string): number {
  return Number(readChoice(minutesChoices)(text));
}

/** Reads the number of a file descriptor. */
function readDescriptor(text: string): number {
  const fd = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  // 1 and 2 are for what is said.
  if (fd >= 0 && fd !== 1 && fd !== 2) return fd;
  throw new InvalidArgumentError("It takes the number of a file descriptor: 0 is stdin.");
}
