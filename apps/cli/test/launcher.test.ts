import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { delimiter, join } from "node:path";
import { existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { version } from "@hi-stranger/core/version";
import { describe, expect, test } from "vitest";
import { hi, launcher, startHi } from "./support/hi.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** The machine's own Node, if it is too old for the program. */
const oldNode = (process.env["PATH"] ?? "")
  .split(delimiter)
  .filter((folder) => !folder.includes("node_modules"))
  .map((folder) => join(folder, "node"))
  .find((path) => existsSync(path) && majorOf(path) < 24);

function majorOf(node: string): number {
  const { stdout } = spawnSync(node, ["-p", "process.versions.node"], { encoding: "utf8" });
  return Number(stdout.split(".")[0]);
}

describe.skipIf(oldNode === undefined)("on a machine whose Node is older than 24", () => {
  const options = { node: oldNode ?? "" };

  test("the workspace's Node runs the program", async () => {
    const result = await hi(["--version"], options);
    expect(result).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  test("stdin, stdout and the exit code go through", async () => {
    const generated = await hi(["generate", "-n", "2", "-s", "5"], options);
    expect(generated.stdout.split("\n")).toHaveLength(3);
    expect(await hi(["nonsense"], options)).toMatchObject({ code: 2, stdout: "" });
    const args = ["count", "--token-file", "-", "--url", "http://store.example"];
    const withStdin = await hi(args, { ...options, input: "hst_fromstdin" });
    expect(withStdin.code).toBe(2);
    expect(withStdin.stderr).toContain("unencrypted");
  });

  test("`npx hi` works from the repository's folder", () => {
    const path = `${join(oldNode ?? "", "..")}${delimiter}${process.env["PATH"] ?? ""}`;
    const command = ["--no-install", "hi", "--version"];
    const { stdout } = spawnSync("npx", command, {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, PATH: path },
    });
    expect(stdout).toBe(`${version}\n`);
  });

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s reaches the program, which ends in its own way", async (signal, code) => {
    const { child, result } = startHi(["generate", "-n", "90000000"], options);
    // Once it writes, it listens.
    await once(child.stdout ?? child, "data");
    child.kill(signal);
    expect(await result).toMatchObject({ code, signal: null });
  });

  test("a launcher that is killed takes the program along", async () => {
    const child = spawn(oldNode ?? "", [launcher, "generate", "-n", "90000000"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    child.stdout.resume();
    // Both end only when the program itself has ended.
    expect(await text(child.stderr)).toContain("Terminated.");
    await once(child, "close");
  });
});

test("on Node 24 the program runs in the launcher's own process", async () => {
  const { child, result } = startHi(["generate", "-n", "90000000"]);
  child.stdout?.resume();
  await once(child.stdout ?? child, "data");
  const { stdout } = spawnSync("ps", ["-o", "pid=", "--ppid", String(child.pid)], {
    encoding: "utf8",
  });
  child.kill("SIGTERM");
  expect(stdout).toBe("");
  expect(await result).toMatchObject({ code: 143, signal: null });
});
