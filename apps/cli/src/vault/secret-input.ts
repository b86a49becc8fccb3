/**
 * Where a command's secrets come from: a file descriptor when the command line names one, otherwise a
 * person at the terminal. They are never arguments, and never in the environment.
 */
import { isatty } from "node:tty";
import { CliError } from "../errors.ts";
import { exitCodes } from "../exit-codes.ts";
import { type DescriptorLines, openDescriptor } from "./descriptor-lines.ts";
import { type Terminal, createTerminal } from "./terminal.ts";

export interface SecretInput {
  /** A line of `fd`; what it is, such as `passphrase`, for the error when there is none. */
  line(fd: number, what: string): Promise<Uint8Array<ArrayBuffer>>;
  /** All lines that are left of `fd`. */
  lines(fd: number): Promise<Uint8Array<ArrayBuffer>[]>;
  /** Whether somebody can be asked. */
  readonly hasTerminal: boolean;
  /** The person. @throws {CliError} when there is no terminal; `how` says what else to do. */
  terminal(how: string): Terminal;
  /** Gives the terminal back and wipes what was not asked for. */
  close(): void;
}

export function createSecretInput(signal: AbortSignal): SecretInput {
  const descriptors = new Map<number, DescriptorLines>();
  let terminal: Terminal | null = null;
  const hasTerminal = isatty(0);
  const open = (fd: number): DescriptorLines => {
    const known = descriptors.get(fd) ?? openDescriptor(fd, signal);
    descriptors.set(fd, known);
    return known;
  };
  return {
    line: (fd, what) => open(fd).line(what),
    lines: (fd) => open(fd).lines(),
    hasTerminal,
    terminal(how) {
      if (!hasTerminal) {
        throw new CliError("no_terminal", "There is no terminal to ask on.", {
          exitCode: exitCodes.usage,
          hint: how,
        });
      }
      terminal ??= createTerminal({
        input: process.stdin,
        output: process.stderr,
        hasOtherScreen: process.stderr.isTTY && process.env["TERM"] !== "dumb",
        signal,
      });
      return terminal;
    },
    close() {
      for (const lines of descriptors.values()) lines.close();
      terminal?.close();
    },
  };
}
