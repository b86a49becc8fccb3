/** Starting and watching `vault-child.ts`. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { TempVault } from "./temp-vault.ts";

const script = fileURLToPath(new URL("vault-child.ts", import.meta.url));

export interface Child {
  readonly pid: number;
  /** The next line it says; null once it has ended. */
  next(): Promise<string | null>;
  /** Everything it says until it ends. */
  rest(): Promise<string[]>;
  send(line: string): void;
  /** Ends it as nothing can prevent, and waits until it is gone. */
  kill(): Promise<void>;
}

export interface ChildOptions {
  /** A command before Node's, with its arguments. */
  readonly through?: readonly string[];
  readonly uid?: number;
}

/** Starts a process in `mode` on the vault of `place`, and gives it `lines`. */
export function startChild(
  mode: string,
  { folder, keyFolder }: Pick<TempVault, "folder" | "keyFolder">,
  lines: readonly string[],
  { through = [], uid }: ChildOptions = {},
): Child {
  const [command, ...rest] = [...through, process.execPath, script, mode, folder, keyFolder];
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(command, rest, {
    stdio: ["pipe", "pipe", "inherit"],
    ...(uid === undefined ? {} : { uid }),
  });
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  // What it no longer reads is of no matter.
  child.stdin.on("error", () => undefined);
  for (const line of lines) child.stdin.write(`${line}\n`);
  const said = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  const next = async (): Promise<string | null> => {
    const line = await said.next();
    return line.done ? null : line.value;
  };
  return {
    pid: child.pid ?? 0,
    next,
    async rest() {
      const lines: string[] = [];
      for (let line = await next(); line !== null; line = await next()) lines.push(line);
      await ended;
      return lines;
    },
    send: (line) => void child.stdin.write(`${line}\n`),
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
