import { type AuditClient, createAuditClient } from "@hi-stranger/sdk/audit-client";
import { verifyAuditLog } from "@hi-stranger/sdk/verify-audit-log";
import { beforeEach, describe, expect, it } from "vitest";
import { createKeeper } from "../../src/app-audit.ts";
import { keepAudit } from "../../src/jobs/keep-audit.ts";
import { makeToken } from "../support/api.ts";
import { eventOf, openAudit } from "../support/audit.ts";
import { createHeldClock, openApp, origin } from "../support/browser.ts";
import { emptyBucket, emptyDatabase } from "../support/empty.ts";
import { env } from "../support/env.ts";

const dayCount = 40;
const daySeconds = 24 * 60 * 60;

let client: AuditClient;
let clock: ReturnType<typeof createHeldClock>;

async function keep(): Promise<void> {
  const keeper = createKeeper({ ...env, HS_MODE: "live" }, clock.now());
  if (!keeper) throw new Error("nobody keeps the log");
  await keepAudit(keeper, clock.now());
}

/** A log of more days than a page of checkpoints, read by a client over the API. */
beforeEach(async () => {
  await emptyDatabase(env.DB);
  await emptyBucket(env.AUDIT_CHECKPOINTS);
  clock = createHeldClock();
  const log = openAudit(clock);
  for (let day = 0; day < dayCount; day++) {
    await Promise.all([1, 2, 3].map((each) => log.append(eventOf(each))));
    clock.move(daySeconds);
  }
  const app = openApp({}, clock);
  const send = (path: string, init?: RequestInit) =>
    app.fetch(new Request(new URL(path, origin), init));
  const token = await makeToken(send, { name: "audit", scopes: ["audit:read"] });
  const fetchApp: typeof fetch = (url, init) => app.fetch(new Request(url, init));
  client = createAuditClient({ baseUrl: origin, token, fetch: fetchApp });
});

function verify(publicKey: string | null = null) {
  const { signal } = new AbortController();
  const { subtle } = crypto;
  return verifyAuditLog(client, { publicKey, subtle, signal, onProgress: () => undefined });
}

describe("verifying over the API", () => {
  it("accepts a log of many pages, before and after it was pruned, while reading it adds to it", async () => {
    expect(await verify()).toMatchObject({ signedSeq: 0, lastDay: null });
    await keep();
    const pruned = await verify();
    expect(pruned).toMatchObject({ firstSeq: 31, signedSeq: 120, checkpointCount: 40 });
    expect(await verify()).toMatchObject({ signedSeq: 120 });
  });

  it("trusts the key that it was given, and no other", async () => {
    await keep();
    const pages = client.checkpoints();
    const { value } = await pages.next();
    const [key] = value ? value.keys : [];
    expect(await verify(key?.public_key ?? "")).toMatchObject({ checkpointCount: 40 });
    await expect(verify("A".repeat(43))).rejects.toMatchObject({ code: "signature_invalid" });
  });

  it("finds a day that was taken out and an end that was cut off, though reading adds to the end", async () => {
    await keep();
    await env.DB.prepare("DELETE FROM audit_log WHERE seq > 110").run();
    await expect(verify()).rejects.toMatchObject({ name: "AuditFault" });
  });

  it("finds a checkpoint that was taken out or overwritten", async () => {
    await keep();
    const key = "checkpoint/2026-12-01.json";
    await env.AUDIT_CHECKPOINTS.put(key, "{}");
    await expect(verify()).rejects.toMatchObject({ code: "checkpoint_missing" });
    await env.AUDIT_CHECKPOINTS.delete(key);
    await expect(verify()).rejects.toMatchObject({ code: "checkpoint_missing" });
  });
});
