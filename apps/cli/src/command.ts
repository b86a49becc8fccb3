/** How the commands are put together. */
import type { Command } from "commander";
import type { Context } from "./context.ts";
import type { ExitCode } from "./exit-codes.ts";

/** What a command does; the exit code is 0 unless it says otherwise. */
export type Handler<Args extends unknown[]> = (
  context: Context,
  ...args: Args
) => Promise<ExitCode | void>;

/** Makes Commander's callback of a handler. */
export type Run = <Args extends unknown[]>(
  handler: Handler<Args>,
) => (...args: Args) => Promise<void>;

/** Adds a command to the program. */
export type AddCommand = (program: Command, run: Run) => void;

/** The examples at the end of a command's help: pairs of a command line and what it does. */
export function examples(...pairs: readonly (readonly [string, string])[]): string {
  const rows = pairs.map(([commandLine, meaning]) => `  $ ${commandLine}\n      ${meaning}`);
  return `\nExamples:\n${rows.join("\n")}`;
}
