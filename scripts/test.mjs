// `npm test`: every check and test, one after the other, and one line for each.
//
//   npm test                      everything
//   npm test -- types lint        only these steps
//
// Each step runs in a process group of its own, which is ended with it, so neither a failure nor
// Ctrl-C leaves a server or a browser behind. All steps run, whatever fails; the exit code is 1
// when one did. The last line counts the tests.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { availableParallelism, constants, tmpdir } from "node:os";
import { delimiter, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "hi-stranger-test-"));
const vitestReport = join(scratch, "vitest.json");
const playwrightReport = join(scratch, "playwright.json");
const typesCache = join(root, "node_modules", ".cache", "types");
const killDelayMs = 5_000;

/** Folders whose files nobody wrote. */
const unwatched = new Set(["node_modules", ".git", ".wrangler", "dist", "generated"]);

const env = {
  ...process.env,
  // Node 24 and the tools are dependencies: this finds them however the script was started.
  PATH: `${join(root, "node_modules", ".bin")}${delimiter}${process.env.PATH ?? ""}`,
  WRANGLER_SEND_METRICS: "false",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  // The browser tests' configuration adds Playwright's JSON reporter when this is set.
  PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport,
};

/** A step's `run` gives back what went wrong, or "" when nothing did. */
const steps = [
  { name: "generated", title: "generated files are current", run: checkGenerated },
  { name: "types", title: "types", run: checkTypes },
  { name: "lint", title: "lint", run: () => check("oxlint", ["--format=stylish"]) },
  {
    name: "format",
    title: "format",
    run: () =>
      check("prettier", [
        ".",
        "--check",
        "--log-level=warn",
        "--cache",
        "--cache-strategy=content",
      ]),
  },
  { name: "unused", title: "unused files, exports and dependencies", run: () => check("knip", []) },
  { name: "unit", title: "tests in Node, workerd and a browser", run: runVitest, isTest: true },
  { name: "e2e", title: "end-to-end tests in a browser", run: runBrowserTests, isTest: true },
];

/** The tools that run now. */
const running = new Set();
let isInterrupted = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => interrupt(signal));

// npm killed without notice takes nobody along; what it started has to notice by itself.
const parentPid = process.ppid;
setInterval(() => process.ppid !== parentPid && interrupt("SIGTERM"), 1000).unref();

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(
    `There is no step ${unknown.join(", ")}; there are ${steps.map((s) => s.name).join(", ")}.`,
  );
  process.exit(2);
}

const failures = [];
const startedAt = Date.now();
for (const step of steps) {
  if (isInterrupted || (wanted.length > 0 && !wanted.includes(step.name))) continue;
  const stepStartedAt = Date.now();
  if (step.isTest) console.log(`  ${step.title} …`);
  const problem = await step.run();
  if (isInterrupted) break;
  console.log(`${problem === "" ? "✓" : "✗"} ${step.title} (${secondsSince(stepStartedAt)})`);
  if (problem === "") continue;
  failures.push(step);
  console.log(problem.replace(/^/gm, "    ").trimEnd());
}

if (isInterrupted) console.log("Interrupted.");
else if (failures.length > 0) {
  console.log(
    `Failed: ${failures.map((step) => step.name).join(", ")} (${secondsSince(startedAt)})`,
  );
  process.exitCode = 1;
} else console.log(`All is well (${secondsSince(startedAt)})`);
const counts = [countVitest(), countPlaywright()];
rmSync(scratch, { recursive: true, force: true });
const sum = (key) => counts.reduce((total, count) => total + count[key], 0);
console.log(`${sum("passed")} passed, ${sum("failed")} failed`);

// ---- Steps ----

async function checkGenerated() {
  const problems = [];
  for (const file of listFiles().filter((path) => path.endsWith("scripts/generate.ts"))) {
    problems.push(await check("node", [file, "--check"]));
  }
  return problems.join("");
}

/**
 * Checks every project, and fails for a TypeScript file that belongs to none. What the compiler learnt is kept
 * between runs, with the errors it found: it looks anew at what changed since and at whatever uses that.
 */
async function checkTypes() {
  const files = listFiles();
  const orphans = new Set(files.filter((path) => /\.[cm]?tsx?$/.test(path)));
  const problems = [];
  const projects = files.filter((path) => /(^|\/)tsconfig\.json$/.test(path));
  const checkNext = async () => {
    for (let project = projects.shift(); project; project = projects.shift()) {
      const state = join(typesCache, `${project.replaceAll("/", "-")}.tsbuildinfo`);
      const kept = ["--incremental", "--tsBuildInfoFile", state];
      const args = ["-p", project, ...kept, "--listFiles", "--pretty", "false"];
      const { code, output } = await run("tsc", args);
      const messages = [];
      for (const line of output.split("\n")) {
        if (line.startsWith(root)) orphans.delete(relative(root, line).replaceAll(sep, "/"));
        else if (!/^\/.*\.d\.[cm]?ts$/.test(line)) messages.push(line);
      }
      if (code !== 0) problems.push(`tsc -p ${project}\n${messages.join("\n").trim()}\n`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, checkNext));
  if (orphans.size > 0) problems.push(`In no tsconfig.json: ${[...orphans].join(", ")}\n`);
  return problems.join("");
}

async function runVitest() {
  const { code } = await run(
    "vitest",
    [
      "run",
      "--reporter=minimal",
      "--reporter=json",
      `--outputFile.json=${vitestReport}`,
      "--silent=passed-only",
      "--allowOnly=false",
    ],
    { isShown: true },
  );
  return code === 0 ? "" : `vitest ended with code ${code}`;
}

async function runBrowserTests() {
  const file = "tests/e2e/run.ts";
  if (!existsSync(join(root, file))) {
    console.log(`  skipped: there is no ${file} yet`);
    return "";
  }
  const { code } = await run("node", [file], { isShown: true });
  return code === 0 ? "" : `${file} ended with code ${code}`;
}

// ---- Counts ----

function countVitest() {
  const report = readReport(vitestReport);
  if (!report) return { passed: 0, failed: 0 };
  // A file that could not be loaded has no failed test, but it failed.
  const brokenFiles = report.testResults.filter(
    (file) =>
      file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles.length };
}

function countPlaywright() {
  const report = readReport(playwrightReport);
  if (!report) return { passed: 0, failed: 0 };
  const { expected, flaky, unexpected } = report.stats;
  return { passed: expected + flaky, failed: unexpected };
}

function readReport(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

// ---- Helpers ----

/** Runs a tool that has something to say only when it fails. */
async function check(command, args) {
  const { code, output } = await run(command, args);
  return code === 0 ? "" : output || `${command} ended with code ${code}\n`;
}

/** Runs a command in a process group of its own and ends what it leaves behind. */
function run(command, args, { isShown = false } = {}) {
  return new Promise((resolve) => {
    const stdio = isShown ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"];
    const child = spawn(command, args, { cwd: root, env, stdio, detached: true });
    running.add(child);
    const chunks = [];
    child.stdout?.on("data", (chunk) => chunks.push(chunk));
    child.stderr?.on("data", (chunk) => chunks.push(chunk));
    const finish = (code) => {
      signalGroup(child.pid, "SIGKILL");
      running.delete(child);
      resolve({ code, output: Buffer.concat(chunks).toString("utf8") });
    };
    child.on("error", (error) => finish(error.message));
    child.on("exit", (code, signal) => {
      // Whoever inherited the pipes must not keep us from going on.
      signalGroup(child.pid, "SIGKILL");
      if (signal !== null) finish(signal);
      else if (isShown) finish(code);
      else child.once("close", () => finish(code));
    });
  });
}

/** Asks the running tools to end, and sees to it that they do, with all that they started. */
function interrupt(signal) {
  if (isInterrupted) return;
  isInterrupted = true;
  process.exitCode = 128 + constants.signals[signal];
  for (const child of running) {
    const groups = listGroups(child.pid);
    const kill = () => groups.forEach((group) => signalGroup(group, "SIGKILL"));
    child.once("exit", kill);
    setTimeout(kill, killDelayMs).unref();
    signalGroup(child.pid, signal);
  }
}

/** The process groups of `pid` and of everything below it: a browser, for one, has a group of its own. */
function listGroups(pid) {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid=,pgid="], { encoding: "utf8" });
  const rows = (stdout ?? "").split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const family = new Set([pid]);
  const groups = new Set([pid]);
  for (let size = 0; size !== family.size;) {
    size = family.size;
    for (const [child, parent, group] of rows) {
      if (!family.has(parent)) continue;
      family.add(child);
      groups.add(group);
    }
  }
  return [...groups];
}

function signalGroup(group, signal) {
  if (group === undefined) return;
  try {
    process.kill(-group, signal);
  } catch {
    // The group has ended already.
  }
}

/** Every file that we wrote, as paths relative to the root, in order. */
function listFiles(folder = "") {
  const files = [];
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory() && !unwatched.has(entry.name)) files.push(...listFiles(path));
    else if (entry.isFile()) files.push(path);
  }
  return files.sort();
}

function secondsSince(startMs) {
  return `${((Date.now() - startMs) / 1000).toFixed(1)} s`;
}
