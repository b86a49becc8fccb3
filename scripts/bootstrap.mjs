// Runs before `npm start` and `npm test`, on whatever Node runs npm: installs the exact
// dependencies of the lock file when they are absent or older than it. Plain JavaScript without
// imports of ours, because nothing else may be there yet.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const installed = `${root}node_modules/.package-lock.json`;
const wanted = `${root}package-lock.json`;

const isCurrent = existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs;
if (!isCurrent) {
  console.log("Installing dependencies (once, about half a minute) …");
  const { status } = spawnSync(
    "npm",
    // With a lock file this installs just what it says. `npm ci` would too, but refuses the whole
    // file when the registry lacks a package that only another platform needs.
    ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error", "--include=dev"],
    { cwd: root, stdio: "inherit", shell: process.platform === "win32" },
  );
  if (status !== 0) {
    console.error("Installing failed; see above. Is the npm registry within reach?");
    process.exit(status ?? 1);
  }
}
