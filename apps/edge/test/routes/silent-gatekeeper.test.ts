import { describe, expect, it, vi } from "vitest";
import type { Gatekeeper } from "../../src/gatekeeper/gatekeeper.ts";
import { expectProblem } from "../support/api.ts";
import { createHeldClock } from "../support/browser.ts";
import { env } from "../support/env.ts";
import { gatekeepers } from "../support/gatekeepers.ts";
import {
  askLink,
  letThrough,
  openLimited,
  perMinute,
  tokenHeaders,
} from "../support/limited-server.ts";

describe("when a Gatekeeper can't be reached", () => {
  /** A namespace whose objects fail. */
  const silent = new Proxy(gatekeepers(), {
    get(target, name) {
      if (name !== "get") return Reflect.get(target, name).bind(target);
      return () => {
        throw new Error("no such object");
      };
    },
  }) satisfies DurableObjectNamespace<Gatekeeper>;
  const limits = { address: { read: perMinute(7) } };

  it("reads go on, by limits that each isolate keeps, and the log says so", async () => {
    const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const server = openLimited(limits, createHeldClock(), { GATEKEEPER: silent });
    expect(await letThrough(20, () => server.fetch("/api/ping"))).toBe(7);
    expect(errors.mock.calls.flat().join()).toContain('"event":"gatekeeper_silent"');
    errors.mockRestore();
  });

  it("signing in, exports, imports and what admins do are refused with 503", async () => {
    const errors = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const headers = await tokenHeaders(openLimited());
    const server = openLimited(limits, createHeldClock(), { GATEKEEPER: silent });
    const operator = { Authorization: `Bearer ${env.OPERATOR_SECRET}` };
    for (const answer of [
      await askLink(server, "ada@example.org"),
      await server.fetch("/api/profiles/export", { headers }),
      await server.fetch("/api/profiles/import", { method: "POST", headers, body: "{}" }),
      await server.fetch("/api/tokens", { headers: operator }),
    ]) {
      expect(answer.status).toBe(503);
      expect(answer.headers.get("Retry-After")).toBe("5");
      await expectProblem(answer, "store_unavailable");
    }
    errors.mockRestore();
  });
});
