/** Runs a command at a pseudo-terminal, which `script` of util-linux gives, and types into it. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";

export interface Typist {
  /** All that the terminal has shown so far, echo included. */
  shown(): string;
  /** Resolves with what was shown since the last time, once `text` is in it. */
  wait(text: string): Promise<string>;
  type(text: string): void;
  /** Resolves with the exit code. */
  ended(): Promise<number | null>;
}

/** Whether there is a `script` that can do it. */
export const hasPseudoTerminal = /util-linux/.test(
  spawnSync("script", ["--version"], { encoding: "utf8" }).stdout ?? "",
);

/** Starts `command`, a line for the shell. */
export function startAtTerminal(
  command: string,
  env: Readonly<Record<string, string | undefined>>,
): Typist {
  const child: ChildProcess = spawn("script", ["-qefc", command, "/dev/null"], {
    env: { ...env, TERM: "xterm", SHELL: "/bin/sh" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const { stdin, stdout } = child;
  if (!stdin || !stdout) throw new Error("the child has no pipes");
  let shown = "";
  let seen = 0;
  let wake: () => void = () => undefined;
  stdout.on("data", (chunk: Buffer) => {
    shown += chunk.toString();
    wake();
  });
  stdout.on("end", () => wake());
  return {
    shown: () => shown,
    async wait(text) {
      for (;;) {
        const at = shown.indexOf(text, seen);
        if (at !== -1) {
          const found = shown.slice(seen, at + text.length);
          seen = at + text.length;
          return found;
        }
        if (stdout.readableEnded)
          throw new Error(`it never showed ${JSON.stringify(text)}:\n${shown}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    type: (text) => void stdin.write(text),
    async ended() {
      if (child.exitCode === null) await once(child, "exit");
      return child.exitCode;
    },
  };
}
