/**
 * Asking a person at a terminal. Questions go to stderr, so that stdout carries results alone, and
 * what is typed is read as bytes: without echo and in raw mode when it is secret, with the
 * terminal's own editing when it isn't.
 */
import { copySecret, wipe } from "@hi-stranger/vault/secret-bytes";
import { CliError, InterruptedError } from "../errors.ts";
import { exitCodes } from "../exit-codes.ts";
import { createLineEditor } from "./line-editor.ts";

/** The part of a terminal's input that is used; `tty.ReadStream` is one. */
export interface TerminalInput {
  on(event: "data", listener: (chunk: Buffer) => void): unknown;
  on(event: "end" | "close", listener: () => void): unknown;
  off(event: "data", listener: (chunk: Buffer) => void): unknown;
  off(event: "end" | "close", listener: () => void): unknown;
  resume(): unknown;
  pause(): unknown;
  setRawMode(isRaw: boolean): unknown;
}

export interface TerminalOutput {
  write(chunk: string | Uint8Array): unknown;
}

export interface Terminal {
  /** A line that isn't shown; the caller wipes it. */
  askSecret(question: string): Promise<Uint8Array<ArrayBuffer>>;
  /** A line that is shown, without white space around it; the caller wipes it if it must. */
  askBytes(question: string): Promise<Uint8Array<ArrayBuffer>>;
  ask(question: string): Promise<string>;
  /** Whether the answer begins with a y. */
  confirm(question: string): Promise<boolean>;
  /** Shows something that was made, without ever putting it into a string. */
  show(...pieces: readonly (string | Uint8Array)[]): void;
  /**
   * Shows something alone on the screen until Enter, then brings back what was there before: it stays
   * neither on the screen nor in its history, where the terminal can do that.
   */
  showApart(...pieces: readonly (string | Uint8Array)[]): Promise<void>;
  /** Stops listening and wipes what was typed ahead. */
  close(): void;
}

export interface TerminalOptions {
  readonly input: TerminalInput;
  readonly output: TerminalOutput;
  /** Whether the terminal has a second screen. */
  readonly hasOtherScreen: boolean;
  readonly signal: AbortSignal;
}

const decoder = new TextDecoder();
const toOtherScreen = "\x1b[?1049h\x1b[2J\x1b[H";
const fromOtherScreen = "\x1b[2J\x1b[?1049l";

export function createTerminal(options: TerminalOptions): Terminal {
  const { input, output, hasOtherScreen, signal } = options;
  /** What was typed before it was asked for. */
  let ahead = new Uint8Array(0);

  const readLine = async (question: string, isHidden: boolean) => {
    signal.throwIfAborted();
    // Before the question: whoever answers at once must not be echoed either.
    input.setRawMode(isHidden);
    try {
      output.write(question);
      const { line, rest } = await listen(input, ahead, signal);
      ahead = rest;
      if (line) return line;
    } finally {
      input.setRawMode(false);
      if (isHidden) output.write("\n");
    }
    throw new CliError("input_too_long", "That line is longer than anything that fits here.");
  };
  const ask = async (question: string): Promise<string> =>
    decoder.decode(await readLine(question, false)).trim();
  const show = (...pieces: readonly (string | Uint8Array)[]): void => {
    for (const piece of pieces) output.write(piece);
  };

  return {
    askSecret: (question) => readLine(question, true),
    askBytes: (question) => readLine(question, false),
    ask,
    confirm: async (question) => /^y/i.test(await ask(question)),
    show,
    async showApart(...pieces) {
      if (hasOtherScreen) output.write(toOtherScreen);
      try {
        show(...pieces);
        wipe(await readLine("", true));
      } finally {
        if (hasOtherScreen) output.write(fromOtherScreen);
      }
    },
    close() {
      wipe(ahead);
      input.pause();
    },
  };
}

interface Listened {
  /** Null when it was too long. */
  readonly line: Uint8Array<ArrayBuffer> | null;
  /** What came after it. */
  readonly rest: Uint8Array<ArrayBuffer>;
}

/** The next line, beginning with what is there already. */
function listen(
  input: TerminalInput,
  ahead: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): Promise<Listened> {
  const editor = createLineEditor();
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      input.off("data", onData);
      input.off("end", onEnd);
      input.off("close", onEnd);
      signal.removeEventListener("abort", onAbort);
      input.pause();
      editor.wipe();
    };
    const fail = (error: Error): void => {
      stop();
      reject(error);
    };
    const onData = (chunk: Uint8Array): void => {
      for (const [index, byte] of chunk.entries()) {
        const typed = editor.type(byte);
        if (typed === null) continue;
        const rest = copySecret(chunk.subarray(index + 1));
        wipe(chunk);
        if (typed === "interrupted") return fail(new InterruptedError("SIGINT"));
        if (typed === "ended") return fail(inputEnded());
        const line = editor.take();
        stop();
        return resolve({ line, rest });
      }
      wipe(chunk);
    };
    const onEnd = (): void => fail(inputEnded());
    const onAbort = (): void => fail(signal.reason as Error);
    input.on("data", onData);
    input.on("end", onEnd);
    input.on("close", onEnd);
    signal.addEventListener("abort", onAbort, { once: true });
    if (ahead.length > 0) onData(ahead);
    input.resume();
  });
}

function inputEnded(): CliError {
  return new CliError("input_ended", "The input ended before the question was answered.", {
    exitCode: exitCodes.usage,
  });
}
