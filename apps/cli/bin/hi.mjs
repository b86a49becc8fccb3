#!/usr/bin/env node
// The `hi` command. The program is TypeScript and needs Node 24, which the workspace brings along;
// started by an older Node, this file runs itself again with that one. Plain JavaScript, as the
// older Node has to read it.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const neededMajor = 24;
const major = Number(process.versions.node.split(".")[0]);

if (major >= neededMajor) {
  // Halves the time to start: the compiled program is kept between runs. Beside the packages, which are
  // as much to be trusted: Node's own choice is the temporary folder, where others could put theirs.
  module.enableCompileCache(
    fileURLToPath(new URL("../../../node_modules/.cache/hi", import.meta.url)),
  );
  await import("../src/main.ts");
} else runWith(findNode());

/** The Node of the workspace's `node` package, or null when it isn't installed. */
function findNode() {
  try {
    const manifest = module.createRequire(import.meta.url).resolve("node/package.json");
    const name = process.platform === "win32" ? "node.exe" : "node";
    const path = join(dirname(manifest), "bin", name);
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

/** Runs this file with `node`, as if it were the process itself. */
function runWith(node) {
  if (node === null) {
    console.error(
      `error: hi needs Node ${neededMajor}, and this is Node ${process.versions.node}.`,
    );
    console.error(
      "  Run `npm install` in the repository, which brings it, or start hi with a newer Node.",
    );
    process.exitCode = 1;
    return;
  }
  // By the channel the child notices when this process is killed and can't tell it.
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  const signals = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`error: ${node} could not be started: ${error.message}`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    if (signal === null) {
      process.exitCode = code;
      return;
    }
    // Ends the way the child did, so that a shell sees the signal too.
    for (const name of signals) process.removeAllListeners(name);
    process.exitCode = 128 + constants.signals[signal];
    process.kill(process.pid, signal);
  });
}
