/** What is wrong with a command line, in our words: Commander's are for programmers. */
import type { Command, CommanderError } from "commander";
import { type CliError, usageError } from "./errors.ts";

/** `error` of Commander's about the arguments `args` of `program`. */
export function toUsageError(
  error: CommanderError,
  program: Command,
  args: readonly string[],
): CliError {
  return usageError(describe(error.message), howTo(program, args));
}

/** Commander's message as sentences, on one line. */
function describe(message: string): string {
  const text = message.replace(/^error: /, "");
  return describeInvalidValue(text) ?? toSentence(text);
}

/** What Commander puts before the reason of one of our own readers of values. */
function describeInvalidValue(text: string): string | null {
  const option = /^option '(?:-\w, )?(--[\w-]+)[^']*' argument '(.*)' is invalid\. (.*)$/s.exec(
    text,
  );
  if (option) return `${option[1]} can't be ${JSON.stringify(option[2])}. ${option[3]}`;
  const argument =
    /^command-argument value '(.*)' is invalid for argument '([\w-]+)'\. (.*)$/s.exec(text);
  return argument && `${JSON.stringify(argument[1])} is no ${argument[2]}. ${argument[3]}`;
}

function toSentence(text: string): string {
  const [first = "", ...rest] = text.split("\n");
  const capital = first.slice(0, 1).toUpperCase() + first.slice(1);
  return [/[.?!]$/.test(capital) ? capital : `${capital}.`, ...rest].join(" ");
}

/** Where the help for this command line is. */
function howTo(program: Command, args: readonly string[]): string {
  const words = ["hi", ...findCommand(program, args), "--help"];
  return `\`npx ${words.join(" ")}\` shows how it is used.`;
}

/** The names of the command and subcommands that `args` begin with, as far as they are known. */
function findCommand(program: Command, args: readonly string[]): string[] {
  const names: string[] = [];
  let command = program;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (/^-./.test(arg)) {
      const options = [...program.options, ...command.options];
      const takesNext = options.some(
        ({ short, long, required }) => required && (short === arg || long === arg),
      );
      if (takesNext) at += 1;
      continue;
    }
    const next = command.commands.find((candidate) => candidate.name() === arg);
    if (!next) break;
    names.push(arg);
    command = next;
  }
  return names;
}
