import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createKeyFileStore } from "@hi-stranger/vault/node/key-file";
import { createNodePlatform } from "@hi-stranger/vault/node/platform";
import type { MonotonicClock, Scheduler, VaultPlatform } from "@hi-stranger/vault/ports";
import { createVault, openVault } from "@hi-stranger/vault/vault";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { type AgentMethod, type ParamsOf, protocolVersion } from "../../src/vault/agent-calls.ts";
import { type CallResult, callAgent, connectAgent } from "../../src/vault/agent-client.ts";
import { type AgentFolder, openAgentFolder } from "../../src/vault/agent-folder.ts";
import { runAgent } from "../../src/vault/agent.ts";
import { createFrameReader, writeFrame } from "../../src/vault/frames.ts";
import { socketPair } from "./socket-pair.ts";
import { otherPassphrase, passphrase } from "./vault-place.ts";

/** Time that stands still until it is moved, and the timers that wait for it. */
function stillTime() {
  let nowMs = 1_000;
  const timers = new Set<{ dueMs: number; task: () => void }>();
  const monotonicClock: MonotonicClock = { epochId: "boot-1", nowMs: () => nowMs };
  const scheduler: Scheduler = {
    after(delayMs, task) {
      const timer = { dueMs: nowMs + delayMs, task };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
  };
  return {
    ports: { monotonicClock, scheduler },
    pass(ms: number) {
      nowMs += ms;
      for (const timer of timers) {
        if (timer.dueMs > nowMs) continue;
        timers.delete(timer);
        timer.task();
      }
    },
  };
}

let root: string;
let platform: VaultPlatform;
let folder: AgentFolder;
const signal = new AbortController().signal;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "hi-agent-"));
  vi.stubEnv("HI_STATE_DIR", join(root, "state"));
  vi.stubEnv("XDG_RUNTIME_DIR", "");
  const vaultFolder = join(root, "vault");
  const deviceKeys = createKeyFileStore(join(root, "keys"), vaultFolder);
  platform = createNodePlatform({ folder: vaultFolder, deviceKeys });
  const { vault } = await createVault(platform, { passphrase: utf8(passphrase) });
  await vault.close();
  folder = await openAgentFolder(vaultFolder);
});

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

interface RunningAgent {
  readonly time: ReturnType<typeof stillTime>;
  readonly stop: () => void;
  /** Settled when the agent has ended. */
  readonly ended: Promise<void>;
  readonly unlocked: Promise<CallResult<"unlock">>;
}

/** Starts an agent in this process, asked to unlock. */
async function startAgent(input = passphrase, minutes: 5 | 30 = 30): Promise<RunningAgent> {
  const time = stillTime();
  const stopping = new AbortController();
  const [ours, launcher] = await socketPair();
  const options = { platform: { ...platform, ...time.ports }, folder, launcher };
  const ended = runAgent({ ...options, signal: stopping.signal });
  const unlocked = callAgent(ours, {
    method: "unlock",
    params: { minutes, acceptOldCopy: false, acceptNewAuth: false },
    token: null,
    parts: [utf8(input)],
    signal,
  });
  unlocked.catch(() => undefined);
  onTestFinished(async () => {
    stopping.abort();
    await ended;
  });
  return { time, ended, unlocked, stop: () => stopping.abort() };
}

async function call<Method extends AgentMethod>(
  method: Method,
  params: ParamsOf<Method>,
  parts: readonly Uint8Array[] = [],
  token?: string | null,
): Promise<CallResult<Method>> {
  const socket = await connectAgent(folder.endpoint);
  if (!socket) throw new Error("nobody listens");
  const known = token === undefined ? ((await folder.readSession())?.token ?? null) : token;
  return callAgent(socket, { method, params, token: known, parts, signal });
}

/** Whether nothing of an agent is left: the vault can be had, and neither socket nor token is there. */
async function isGone(): Promise<boolean> {
  const vault = await openVault(platform);
  await vault.close();
  return !existsSync(folder.endpoint) && (await folder.readSession()) === null;
}

test("an unlocked agent serves those who have the token, and nobody else", async () => {
  const { unlocked } = await startAgent();
  expect((await unlocked).result).toMatchObject({ pid: process.pid, notices: [] });
  expect(statSync(folder.endpoint).mode & 0o777).toBe(0o600);
  expect(statSync(folder.path).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder.path, "session")).mode & 0o777).toBe(0o600);
  await call("putSecret", { name: "a" }, [utf8("value")]);
  const { parts } = await call("getSecret", { name: "a" });
  expect(Buffer.from(parts[0] ?? []).toString()).toBe("value");
  for (const token of [null, "x.y.z"]) {
    await expect(call("getSecret", { name: "a" }, [], token)).rejects.toMatchObject({
      code: "session_invalid",
      exitCode: 7,
    });
  }
});

test("a passphrase that is wrong starts no agent, and the failure is told", async () => {
  const { unlocked, ended } = await startAgent(otherPassphrase);
  await expect(unlocked).rejects.toMatchObject({ code: "unlock_failed", exitCode: 4 });
  await ended;
  expect(await isGone()).toBe(true);
});

test("a second agent on the same vault is refused, and leaves the first one's socket alone", async () => {
  const first = await startAgent();
  await first.unlocked;
  const second = await startAgent();
  await expect(second.unlocked).rejects.toMatchObject({ code: "vault_in_use" });
  await second.ended;
  expect((await call("status", {})).result.pid).toBe(process.pid);
});

test("locking wipes, ends the agent and removes socket and token; it needs no token", async () => {
  const { unlocked, ended } = await startAgent();
  await unlocked;
  expect((await call("lock", {}, [], null)).result).toEqual({});
  await ended;
  expect(await isGone()).toBe(true);
});

test("a signal locks first", async () => {
  const { unlocked, ended, stop } = await startAgent();
  await unlocked;
  stop();
  await ended;
  expect(await isGone()).toBe(true);
});

test("the agent ends with its session, which every use lengthens and asking for the status doesn't", async () => {
  const { unlocked, ended, time } = await startAgent(passphrase, 5);
  await unlocked;
  time.pass(4 * 60_000);
  await call("listSecrets", { after: null });
  time.pass(4 * 60_000);
  await call("status", {});
  time.pass(60_000);
  await ended;
  expect(await isGone()).toBe(true);
});

test("the agent ends after 12 hours, however much it is used", async () => {
  const { unlocked, ended, time } = await startAgent();
  await unlocked;
  for (let quarter = 1; quarter < 48; quarter++) {
    time.pass(15 * 60_000);
    await call("listSecrets", { after: null });
  }
  time.pass(15 * 60_000);
  await ended;
  expect(await isGone()).toBe(true);
});

test("unlocking an open vault begins another session in the place of the one before", async () => {
  const { unlocked, time } = await startAgent();
  await unlocked;
  const before = (await folder.readSession())?.token ?? "";
  const unlock = async (text: string) =>
    call("unlock", { minutes: 5, acceptOldCopy: false, acceptNewAuth: false }, [utf8(text)], null);
  await expect(unlock(otherPassphrase)).rejects.toMatchObject({ code: "unlock_failed" });
  await call("listSecrets", { after: null });
  await unlock(passphrase);
  await expect(call("listSecrets", { after: null }, [], before)).rejects.toMatchObject({
    code: "session_invalid",
  });
  time.pass(4 * 60_000);
  await call("listSecrets", { after: null });
});

test("two who unlock at once both succeed, and the token that is left opens the vault", async () => {
  const { unlocked } = await startAgent();
  await unlocked;
  const unlock = async () =>
    call(
      "unlock",
      { minutes: 30, acceptOldCopy: false, acceptNewAuth: false },
      [utf8(passphrase)],
      null,
    );
  await Promise.all([unlock(), unlock(), unlock()]);
  expect((await call("listSecrets", { after: null })).result.isLast).toBe(true);
});

test("whoever breaks off while unlocking leaves the vault locked", async () => {
  const [ours, launcher] = await socketPair();
  ours.on("error", () => undefined);
  const ended = runAgent({ platform, folder, launcher, signal });
  const params = { minutes: 30, acceptOldCopy: false, acceptNewAuth: false };
  await writeFrame(ours, { v: protocolVersion, method: "unlock", params, token: null }, [
    utf8(passphrase),
  ]);
  launcher.destroy();
  await ended;
  expect(await isGone()).toBe(true);
});

test("someone who sends a bundle and stalls keeps nobody waiting, nor the vault from being locked", async () => {
  const { unlocked, ended } = await startAgent();
  await unlocked;
  const socket = connect(folder.endpoint);
  const token = (await folder.readSession())?.token;
  const request = {
    v: protocolVersion,
    method: "importBundle",
    params: { secret: "passphrase" },
    token,
  };
  await writeFrame(socket, request, [utf8(passphrase)]);
  await call("status", {});
  await call("lock", {});
  await ended;
  expect(await isGone()).toBe(true);
});

test("a request that is malformed is refused, and the agent goes on", async () => {
  const { unlocked } = await startAgent();
  await unlocked;
  const token = (await folder.readSession())?.token;
  const malformed = [
    { v: protocolVersion, method: "vault", params: {}, token },
    { v: protocolVersion, method: "toString", params: {}, token },
    { v: protocolVersion, params: {}, token },
    { v: protocolVersion, method: "lock", params: {}, token, more: true },
    { v: protocolVersion, method: "unlock", params: { minutes: 30 }, token },
    { v: protocolVersion, method: "getSecret", params: { name: 7 }, token },
    { v: protocolVersion, method: "putSecret", params: { name: "a" }, token },
    { v: protocolVersion, method: "getRecord", params: { kind: "secrets", key: "a" }, token },
    { v: protocolVersion, method: "listSecrets", params: {}, token: 7 },
  ];
  for (const members of malformed) {
    const socket = connect(folder.endpoint);
    const reader = createFrameReader(socket);
    await writeFrame(socket, members);
    expect((await reader.next())?.members).toMatchObject({ error: { code: "bad_request" } });
    socket.destroy();
  }
  const socket = connect(folder.endpoint);
  const reader = createFrameReader(socket);
  socket.write("GET / HTTP/1.1\r\n\r\n");
  expect((await reader.next())?.members).toMatchObject({ error: { code: "bad_request" } });
  socket.destroy();
  await call("status", {});
});

test("a client of another version is told so, and may still lock", async () => {
  const { unlocked, ended } = await startAgent();
  await unlocked;
  const ask = async (method: string) => {
    const socket = connect(folder.endpoint);
    const reader = createFrameReader(socket);
    await writeFrame(socket, { v: 99, method, params: {}, token: null });
    const frame = await reader.next();
    socket.destroy();
    return frame?.members;
  };
  expect(await ask("status")).toMatchObject({ error: { code: "not_supported" } });
  expect(await ask("lock")).toEqual({ ok: {} });
  await ended;
});
