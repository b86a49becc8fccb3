/** Runs the real command as a child process. */
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

export const launcher = fileURLToPath(new URL("../../bin/hi.mjs", import.meta.url));

export interface HiOptions {
  /** Added to an environment that holds PATH and HOME alone. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What stdin brings; it is empty unless told. */
  readonly input?: string | Uint8Array;
  /** What descriptors 3 and on bring. */
  readonly descriptors?: readonly string[];
  /** A file descriptor for stdout; the result has none then. */
  readonly stdoutFd?: number;
  /** Another Node than the one that runs the tests. */
  readonly node?: string;
}

export interface HiResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningHi {
  readonly child: ChildProcess;
  /** Resolves at the end of the process. */
  readonly result: Promise<HiResult>;
  /** Resolves with the first line of stderr that `isWanted`; rejects when the process ends without one. */
  lineOnStderr(isWanted: (line: string) => boolean): Promise<string>;
}

/** Starts `hi`. */
export function startHi(args: readonly string[], options: HiOptions = {}): RunningHi {
  const { env, cwd, input, descriptors = [], stdoutFd, node = process.execPath } = options;
  const spawnOptions: SpawnOptions = {
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...env },
    stdio: ["pipe", stdoutFd ?? "pipe", "pipe", ...descriptors.map(() => "pipe" as const)],
    ...(cwd === undefined ? {} : { cwd }),
  };
  const child = spawn(node, [launcher, ...args], spawnOptions);
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stderr) throw new Error("the child has no pipes");
  // A child that ends before it has read everything is no failure of the test.
  stdin.on("error", () => undefined);
  stdin.end(input);
  for (const [index, content] of descriptors.entries()) {
    const pipe = child.stdio[index + 3];
    if (!pipe || !("end" in pipe)) throw new Error("the child has no such pipe");
    pipe.on("error", () => undefined);
    pipe.end(content);
  }
  const lines: string[] = [];
  const watchers = new Set<(line: string | null) => void>();
  const reader = createInterface({ input: stderr });
  reader.on("line", (line) => {
    lines.push(line);
    for (const watch of watchers) watch(line);
  });
  reader.on("close", () => {
    for (const watch of watchers) watch(null);
  });
  // A test may close stdout, as `head` does.
  const output = stdout ? text(stdout).catch(() => "") : "";
  const result = Promise.all([output, once(reader, "close"), once(child, "close")]).then(
    ([out, , [code, signal]]): HiResult => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      stdout: out,
      stderr: lines.join("\n"),
    }),
  );
  return {
    child,
    result,
    lineOnStderr: (isWanted) =>
      new Promise((resolve, reject) => {
        const watch = (line: string | null) => {
          if (line === null) reject(new Error(`hi ended without that line:\n${lines.join("\n")}`));
          else if (isWanted(line)) {
            watchers.delete(watch);
            resolve(line);
          }
        };
        for (const line of lines) if (isWanted(line)) return resolve(line);
        watchers.add(watch);
      }),
  };
}

/** Runs `hi` to its end. */
export function hi(args: readonly string[], options?: HiOptions): Promise<HiResult> {
  return startHi(args, options).result;
}

/** The records on the lines of `text`. */
export function parseLines(text: string): Record<string, unknown>[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
