import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createApi } from "../support/api.ts";
import { env } from "../support/env.ts";
import { personaLines } from "../support/personas.ts";

describe("logs", () => {
  const printed: string[] = [];
  beforeEach(() => {
    printed.length = 0;
    for (const method of ["log", "error", "warn", "info", "debug"] as const) {
      vi.spyOn(console, method).mockImplementation((...values: unknown[]) => {
        printed.push(values.map(String).join(" "));
      });
    }
  });
  afterEach(() => void vi.restoreAllMocks());

  it("hold one structured line a request in production, without address, token or content", async () => {
    const api = await createApi("live", undefined, { HS_ENV: "production" });
    const [line = ""] = personaLines(1, 77);
    const canary = line.replace(/"user_name":"[^"]+"/, '"user_name":"CanaryName"');
    printed.length = 0;
    await api.import(canary, { "X-Import-Notes": "CanaryNotes", "Idempotency-Key": "CanaryKey" });
    await api.import("CanaryBody", { "X-Shard-Id": "CanaryShard" });
    await api.call("/api/profiles/item?id=usr_canaryid");
    await api.call("/CanaryPath?canary=1");
    await api.fetch("/api/profiles/count", { headers: { Authorization: "Bearer CanaryToken" } });
    expect(printed).toHaveLength(5);
    for (const text of printed) {
      expect(JSON.parse(text)).toMatchObject({
        event: "request",
        status: expect.any(Number) as number,
      });
      expect(text).not.toMatch(/canary|hst_|usr_/i);
    }
  });

  it("tell of a failure its class and frames, not its message", async () => {
    let isFailing = false;
    const failing = new Proxy(env.DB, {
      get(target, name) {
        if (name === "prepare" && isFailing) {
          return () => {
            throw new RangeError("CanaryMessage: a row of somebody");
          };
        }
        const member: unknown = Reflect.get(target, name);
        return typeof member === "function" ? (member.bind(target) as unknown) : member;
      },
    });
    const api = await createApi("live", undefined, { DB: failing });
    // Making the caller's token is entered in the audit log, which is in this database too.
    isFailing = true;
    const answer = await api.call("/api/profiles/count");
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain("Canary");
    expect(printed).toHaveLength(1);
    expect(JSON.parse(printed[0] ?? "")).toMatchObject({
      routeId: "countProfiles",
      stack: expect.arrayContaining(["RangeError"]) as string[],
    });
    expect(printed[0]).not.toContain("Canary");
  });
});
