/**
 * Where the program speaks. Results go to stdout, everything said about them to stderr, so that a
 * pipe carries results alone. With `--json` all of it is JSON, and nothing is said that only a
 * person needs; `--quiet` leaves out what is not a result, an error or a warning.
 */
import { styleText } from "node:util";
import { BrokenPipeError, type CliError, systemCode } from "./errors.ts";

type Style = Parameters<typeof styleText>[0];

export interface OutputOptions {
  readonly isJson: boolean;
  readonly isQuiet: boolean;
}

export interface Output extends OutputOptions {
  /** Writes to stdout; resolves when more may be written. @throws {BrokenPipeError} */
  write(chunk: string | Uint8Array): Promise<void>;
  /** Writes a line to stdout. @throws {BrokenPipeError} */
  line(text: string): Promise<void>;
  /** Writes a value to stdout as one line of JSON. @throws {BrokenPipeError} */
  json(value: unknown): Promise<void>;
  /** Says something to a person: on stderr, unless `--quiet` or `--json`. */
  note(text: string): void;
  /** Says something that matters even with `--quiet`. */
  warn(text: string): void;
  error(error: CliError): void;
  /** Styles text for stdout, as far as it takes colours. */
  style(style: Style, text: string): string;
}

export function createOutput({ isJson, isQuiet }: OutputOptions): Output {
  const toStderr = (text: string) => {
    process.stderr.write(`${text}\n`);
  };
  const output: Output = {
    isJson,
    isQuiet,
    write: writeToStdout,
    line: (text) => writeToStdout(`${text}\n`),
    json: (value) => writeToStdout(`${JSON.stringify(value)}\n`),
    note(text) {
      if (!isQuiet && !isJson) toStderr(text);
    },
    warn(text) {
      if (isJson) {
        toStderr(JSON.stringify({ warning: text }));
        return;
      }
      toStderr(`${styleFor(process.stderr, ["yellow", "bold"], "warning:")} ${text}`);
    },
    error({ code, message, hint, exitCode, members }) {
      if (isJson) {
        const error = { code, message, hint, exit_code: exitCode, ...members };
        toStderr(JSON.stringify({ error }));
        return;
      }
      toStderr(`${styleFor(process.stderr, ["red", "bold"], "error:")} ${message}`);
      if (hint !== null) toStderr(hint.replace(/^/gm, "  "));
    },
    style: (style, text) => styleFor(process.stdout, style, text),
  };
  return output;
}

/** Respects NO_COLOR and FORCE_COLOR, and whether `stream` is a terminal. */
export function styleFor(stream: NodeJS.WriteStream, style: Style, text: string): string {
  return styleText(style, text, { stream });
}

/** Makes the program colourless, whatever the environment says. */
export function forgetColours(): void {
  process.env["NO_COLOR"] = "1";
  delete process.env["FORCE_COLOR"];
}

/** Makes a closed stdout or stderr no crash. To be called once, before anything is written. */
export function guardStreams(): void {
  // Each write to stdout tells its own failure; nobody is left to tell one of stderr's.
  process.stdout.on("error", () => undefined);
  process.stderr.on("error", () => undefined);
}

function writeToStdout(chunk: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(chunk, (error) => {
      // Writing to a file never waits, and a program that never waits doesn't hear Ctrl-C.
      if (!error) setImmediate(resolve);
      else if (systemCode(error) === "EPIPE") reject(new BrokenPipeError());
      else reject(error);
    });
  });
}
