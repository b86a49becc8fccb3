import { chmodSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import {
  initVault,
  otherPassphrase,
  passphrase,
  unlockVault,
  vaultPlace,
  type VaultPlace,
} from "./vault-place.ts";

/** Waits until the process has ended; one that nobody has collected yet has ended too. */
async function waitForEnd(pid: number): Promise<void> {
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 20_000, interval: 20 });
}

function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    // There is no such process.
    return false;
  }
}

/** The one folder of an agent in `place`, and what is in it. */
function agentFiles({ stateFolder }: VaultPlace): string[] {
  const agents = join(stateFolder, "agents");
  const [name = ""] = readdirSync(agents);
  return readdirSync(join(agents, name));
}

/** Arguments and environment of every process that this account may look at. */
function everyCommandLine(): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) =>
      ["cmdline", "environ"].map((file) => {
        try {
          return readFileSync(`/proc/${pid}/${file}`, "latin1");
        } catch {
          // Ended meanwhile, or somebody else's.
          return "";
        }
      }),
    );
}

const isLinux = process.platform === "linux";

test.runIf(isLinux)("no process has a secret in its arguments or environment", async () => {
  const place = vaultPlace();
  const code = await initVault(place);
  const pid = await unlockVault(place);
  const running = place.start(["put", "key"], { env: { HI_TOKEN: "hst_of_another_program" } });
  const seen = everyCommandLine();
  await running.result;
  expect(seen.some((text) => text.includes(place.folder))).toBe(true);
  for (const secret of [passphrase, code, "Biscuit"]) {
    expect(seen.filter((text) => text.includes(secret))).toEqual([]);
  }
  const environment = readFileSync(`/proc/${pid}/environ`, "latin1");
  expect(environment).not.toContain("HI_TOKEN");
});

test.runIf(isLinux)("the agent leaves no core file, and is in nobody's way", async () => {
  const place = vaultPlace();
  await initVault(place);
  const pid = await unlockVault(place);
  expect(readFileSync(`/proc/${pid}/limits`, "utf8")).toMatch(/^Max core file size +0 /m);
  const { session, terminal } = sessionOf(pid);
  // Of a session of its own, without a terminal: closing the shell's doesn't end it.
  expect(session).toBe(pid);
  expect(terminal).toBe(0);
});

function sessionOf(pid: number): { session: number; terminal: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { session: Number(fields[3]), terminal: Number(fields[4]) };
}

test("after lock the agent, its socket and its token are gone", async () => {
  const place = vaultPlace();
  await initVault(place);
  const pid = await unlockVault(place);
  expect(agentFiles(place).toSorted()).toEqual(["session", "socket"]);
  const locked = await place.run(["lock", "--json"]);
  expect(JSON.parse(locked.stdout)).toMatchObject({ was_unlocked: true });
  expect(agentFiles(place)).toEqual([]);
  await waitForEnd(pid);
  const again = await place.run(["lock", "--json"]);
  expect(JSON.parse(again.stdout)).toMatchObject({ was_unlocked: false });
});

test.each(["SIGTERM", "SIGINT"] as const)("%s locks and ends it", async (signal) => {
  const place = vaultPlace();
  await initVault(place);
  const pid = await unlockVault(place);
  process.kill(pid, signal);
  await waitForEnd(pid);
  expect(agentFiles(place)).toEqual([]);
  expect(await place.run(["list"])).toMatchObject({ code: 7 });
});

test("an agent that was killed is no obstacle: what it kept is there, what it left is taken over", async () => {
  const place = vaultPlace();
  await initVault(place);
  const pid = await unlockVault(place);
  await place.run(["put", "key"], { input: "kept" });
  process.kill(pid, "SIGKILL");
  await waitForEnd(pid);
  expect(agentFiles(place).toSorted()).toEqual(["session", "socket"]);
  expect(await place.run(["get", "key"])).toMatchObject({ code: 7 });
  const status = await place.run(["status", "--json"]);
  expect(JSON.parse(status.stdout)).toMatchObject({ state: "locked", agent: null });
  const next = await unlockVault(place);
  expect(next).not.toBe(pid);
  expect((await place.run(["get", "key"])).stdout).toBe("kept");
  process.kill(next, "SIGKILL");
  await waitForEnd(next);
  await place.run(["lock"]);
  expect(agentFiles(place)).toEqual([]);
});

test("two that unlock at once both end well, with one agent", async () => {
  const place = vaultPlace();
  await initVault(place);
  const pids = await Promise.all([unlockVault(place), unlockVault(place)]);
  expect(new Set(pids).size).toBe(1);
  expect(await place.run(["list"])).toMatchObject({ code: 0 });
});

test("a right and a wrong passphrase at once: the right one opens the vault, the other fails", async () => {
  const place = vaultPlace();
  await initVault(place);
  const unlock = async (input: string) => place.run(["unlock", "--passphrase-fd", "0"], { input });
  const [right, wrong] = await Promise.all([unlock(passphrase), unlock(otherPassphrase)]);
  expect(right).toMatchObject({ code: 0 });
  expect(wrong).toMatchObject({ code: 4 });
  expect(await place.run(["list"])).toMatchObject({ code: 0 });
});

test("where others can reach the agent's folder, nothing is sent", async () => {
  const place = vaultPlace();
  await initVault(place);
  const pid = await unlockVault(place);
  const agents = join(place.stateFolder, "agents");
  chmodSync(agents, 0o777);
  const refused = await place.run(["unlock", "--passphrase-fd", "0"], { input: passphrase });
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(refused.stderr).toContain(`chmod o-w,g-w ${agents}`);
  chmodSync(agents, 0o700);
  process.kill(pid, "SIGTERM");
  await waitForEnd(pid);
});

test("everything that is made is for the account alone", async () => {
  const place = vaultPlace();
  const args = ["init", "--key-store", "file", "--no-questions", "--passphrase-fd", "0"];
  await place.run(args, { input: passphrase });
  await unlockVault(place);
  const paths = readdirSync(place.root, { recursive: true, encoding: "utf8" });
  expect(paths.length).toBeGreaterThan(8);
  const open = paths.filter((path) => (statSync(join(place.root, path)).mode & 0o077) !== 0);
  expect(open).toEqual([]);
});
