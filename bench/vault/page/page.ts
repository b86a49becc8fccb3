/** A round of the measurement: on empty storage, each part in a new worker. */
import { createVaultClient } from "@hi-stranger/vault/web/vault-client";
import { vaultWorkerUrl } from "@hi-stranger/vault/web/vault-worker-url";
import { median } from "../../lib/statistics.ts";
import type { BrowserFigures, WorkerAnswer, WorkerTask } from "../figures.ts";
import { benchWorkerUrl } from "./bench-worker-url.ts";

/** What the benchmark finds on the page. */
export interface BenchPage {
  round(rows: number): Promise<BrowserFigures>;
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): unknown };
}

const pageReads = 1000;
const { trustedTypes } = globalThis as unknown as { readonly trustedTypes: TrustedTypes };
const policy = trustedTypes.createPolicy("hi-stranger", {
  createScriptURL(url) {
    if (url !== vaultWorkerUrl && url !== benchWorkerUrl) throw new TypeError(`what is ${url}?`);
    return url;
  },
});

const start = (url: string): Worker =>
  new Worker(policy.createScriptURL(url) as string, { type: "module" });

async function round(rows: number): Promise<BrowserFigures> {
  await clearStorage();
  const measured = await inWorker({ task: "all", rows });
  if (!("figures" in measured)) throw new Error("the worker measured something else");
  const { bare, vault, passes } = measured.figures;
  const cold = await inWorker({ task: "cold", passes });
  if (!("coldMs" in cold)) throw new Error("the worker measured something else");
  return {
    bare: { passphraseColdMs: cold.coldMs, ...bare },
    vault: { ...vault, ...(await measureAsPage(rows)) },
    passes,
    rows,
  };
}

async function clearStorage(): Promise<void> {
  const root = await navigator.storage.getDirectory();
  for await (const name of root.keys()) await root.removeEntry(name, { recursive: true });
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase("hi-stranger-device-keys");
    request.addEventListener("success", () => resolve());
    request.addEventListener("error", () => reject(new Error("the keys can't be deleted")));
  });
}

async function inWorker(task: WorkerTask): Promise<WorkerAnswer> {
  const worker = start(benchWorkerUrl);
  const answer = await new Promise<WorkerAnswer>((resolve, reject) => {
    worker.addEventListener("message", ({ data }: MessageEvent<WorkerAnswer>) => resolve(data));
    worker.addEventListener("error", ({ message }) => reject(new Error(message)));
    worker.postMessage(task);
  });
  worker.terminate();
  if ("error" in answer) throw new Error(answer.error);
  return answer;
}

async function measureAsPage(rows: number) {
  const startMs = performance.now();
  const vault = createVaultClient({
    startWorker: () => start(vaultWorkerUrl),
    storage: navigator.storage,
  });
  await vault.status();
  const readyMs = performance.now();
  await vault.unlock({ passphrase: new TextEncoder().encode("Wandering-Lantern-42") });
  const unlockedMs = performance.now();
  const times: number[] = [];
  for (let index = 0; index < pageReads; index += 1) {
    const beforeMs = performance.now();
    const found = await vault.records.messages.get(
      `msg_${String((index * 7919) % rows).padStart(26, "0")}`,
    );
    times.push(performance.now() - beforeMs);
    if (!found) throw new Error("a record is missing");
  }
  await vault.lock();
  vault.close();
  return {
    loadMs: readyMs - startMs,
    unlockColdMs: unlockedMs - readyMs,
    pageReadMs: median(times),
  };
}

const page: BenchPage = { round };
Object.assign(globalThis, { benchPage: page });
