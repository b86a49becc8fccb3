/** Checks of this machine: the runtime, the installed dependencies, the folder for state, the operator's secret. */
import { spawnSync } from "node:child_process";
import { access, constants, mkdir, stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { formatBytes } from "../format.ts";
import { readSecretFile, secretFile } from "../operator-secret.ts";
import { stateFolder } from "../state-folder.ts";
import type { Finding } from "./check.ts";

const neededMajor = 24;
const minFreeBytes = 100_000_000;
const root = fileURLToPath(new URL("../../../..", import.meta.url));

export function checkNode(): Finding {
  const { node } = process.versions;
  const isNew = Number(node.split(".")[0]) >= neededMajor;
  return isNew
    ? { check: "node", state: "good", text: `Node ${node}` }
    : {
        check: "node",
        state: "bad",
        text: `Node ${node} is too old: hi needs ${neededMajor}`,
        fix: "Run `npm install` in the repository, which brings the right one.",
      };
}

/** Whether what is installed is what the lock file asks for. */
export async function checkDependencies(): Promise<Finding> {
  const check = "dependencies";
  const [wanted, installed] = await Promise.all(
    ["package-lock.json", "node_modules/.package-lock.json"].map((name) =>
      stat(`${root}${name}`).catch(() => null),
    ),
  );
  if (!wanted) return { check, state: "skipped", text: "hi does not run from the repository" };
  const fix = "Run `npm install` in the repository.";
  if (!installed) return { check, state: "bad", text: "Dependencies are not installed", fix };
  if (installed.mtimeMs < wanted.mtimeMs) {
    return { check, state: "bad", text: "Dependencies are older than package-lock.json", fix };
  }
  return { check, state: "good", text: "Dependencies are installed and current" };
}

/** Whether unfinished imports can be noted. */
export async function checkStateFolder(): Promise<Finding> {
  const check = "state_folder";
  const folder = stateFolder();
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK);
  } catch {
    return {
      check,
      state: "bad",
      text: `${folder} can't be written, so imports can't be noted there`,
      fix: "Make it writable, or name another folder by HI_STATE_DIR.",
    };
  }
  const { bavail, bsize } = await statfs(folder);
  const free = `${formatBytes(bavail * bsize)} free for notes in ${folder}`;
  if (bavail * bsize >= minFreeBytes) return { check, state: "good", text: free };
  return { check, state: "bad", text: `Only ${free}`, fix: "Make room on that disk." };
}

/** Whether the local store's secret is there, for its owner alone, and out of the repository's history. */
export async function checkOperatorSecret(file = secretFile): Promise<Finding> {
  const check = "operator_secret";
  if (process.env["HI_OPERATOR_SECRET"]?.trim()) {
    return { check, state: "good", text: "HI_OPERATOR_SECRET is set" };
  }
  const info = await stat(file).catch(() => null);
  if (!info || (await readSecretFile(file)) === null) {
    return {
      check,
      state: "note",
      text: "There is no local operator's secret, so `hi token` opens no local store",
      fix: "`npm start` makes one. For a store elsewhere set HI_OPERATOR_SECRET.",
    };
  }
  if (isCommitted(file)) {
    return {
      check,
      state: "bad",
      text: "The operator's secret is committed: whoever has the repository has it",
      fix: `Take it out and make a new one: git rm --cached ${file}, delete the file, npm start`,
    };
  }
  const openBits = info.mode & 0o077;
  if (process.platform !== "win32" && openBits !== 0) {
    return {
      check,
      state: "bad",
      text: "Others on this machine can read the operator's secret",
      fix: `chmod 600 ${file}`,
    };
  }
  return { check, state: "good", text: "The operator's secret is here, for you alone to read" };
}

/** Whether git follows `file`; false where there is no git or no repository. */
function isCommitted(file: string): boolean {
  const { status } = spawnSync("git", ["ls-files", "--error-unmatch", "--", file], {
    cwd: dirname(file),
    stdio: "ignore",
  });
  return status === 0;
}
