import { mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@hi-stranger/sdk/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalServer, startLocalServer } from "../server.ts";

const connections = 50;
/** Of the product's own limits: what a network may read in a minute. A service may read 12,000. */
const networkReads = { requests: 300, windowSeconds: 60 };

let stateDir: string;
let server: LocalServer;

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), "hi-stranger-limits-test-"));
  server = await startLocalServer({ stateDir, rateLimits: "" });
});

afterAll(async () => {
  await server.close();
  await rm(stateDir, { recursive: true, force: true });
});

/** `node:http` rather than `fetch`, which takes longer for a request than the server. */
function statusOf(agent: Agent, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, server.url), { agent, headers }, (answer) => {
      answer.resume();
      answer.once("end", () => resolve(answer.statusCode ?? 0));
    });
    sent.once("error", reject);
    sent.end();
  });
}

/** Sends `count` requests, many at a time, and counts the answers by their status. */
async function burst(count: number, path: string, headers: Record<string, string> = {}) {
  const countsByStatus = new Map<number, number>();
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let left = count;
  const startMs = performance.now();
  const keepSending = async () => {
    while (left > 0) {
      left -= 1;
      const status = await statusOf(agent, path, headers);
      countsByStatus.set(status, (countsByStatus.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: connections }, keepSending));
  agent.destroy();
  return { countsByStatus, seconds: (performance.now() - startMs) / 1000 };
}

/** What a bucket gives that starts full: its content, and what flows in meanwhile. */
function most({ requests, windowSeconds }: typeof networkReads, seconds: number): number {
  return requests + Math.ceil((requests * seconds) / windowSeconds);
}

test("a burst of 10,000 requests on loopback gets its limit and not one more", async () => {
  const { countsByStatus, seconds } = await burst(10_000, "/api/ping");
  expect([...countsByStatus.keys()].toSorted((a, b) => a - b)).toEqual([200, 429]);
  const through = countsByStatus.get(200) ?? 0;
  // One isolate asks one object: nothing is held elsewhere in a lease.
  expect(through).toBeGreaterThanOrEqual(networkReads.requests);
  expect(through).toBeLessThanOrEqual(most(networkReads, seconds));
  expect(through + (countsByStatus.get(429) ?? 0)).toBe(10_000);
}, 180_000);

test("a service gets more than a network, all of 500 that it sends at once", async () => {
  expect(networkReads.requests).toBeLessThan(500);
  const client = createClient({ baseUrl: server.url, token: server.operatorSecret });
  const { token } = await client.createToken({ name: "burst", scopes: ["profiles:read"] });
  const headers = { Authorization: `Bearer ${token}` };
  const { countsByStatus } = await burst(500, "/api/profiles/count", headers);
  expect([...countsByStatus]).toEqual([[200, 500]]);
});
