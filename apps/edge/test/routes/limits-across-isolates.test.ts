import { describe, expect, it } from "vitest";
import { createHeldClock } from "../support/browser.ts";
import {
  type LimitedServer,
  newNetwork,
  openLimited,
  perMinute,
} from "../support/limited-server.ts";

describe("a caller who asks several isolates", () => {
  it("gets no more by asking in parts of the world at once", async () => {
    const clock = createHeldClock();
    const limits = { address: { read: perMinute(100) } };
    const isolates = Array.from({ length: 5 }, () => openLimited(limits, clock));
    const network = newNetwork();
    const answers = await Promise.all(
      isolates.flatMap((isolate) =>
        Array.from({ length: 100 }, () => isolate.fetch("/api/ping", { network })),
      ),
    );
    const through = answers.filter(({ status }) => status === 200).length;
    expect(through).toBeLessThanOrEqual(100);
    // What other isolates have in their leases is lost to the one that asks: a tenth each at most.
    expect(through).toBeGreaterThanOrEqual(50);
  });

  it("has at most what isolates hold in leases on top of the limit in any window", async () => {
    const clock = createHeldClock();
    const limits = { address: { read: perMinute(100) } };
    const isolates = Array.from({ length: 4 }, () => openLimited(limits, clock));
    const network = newNetwork();
    const ping = (server: LimitedServer | undefined) => server?.fetch("/api/ping", { network });
    // Each takes a lease, spends one of it, and comes back for the rest when the bucket is full again.
    for (const isolate of isolates) await ping(isolate);
    clock.move(9.9);
    let through = 0;
    for (const isolate of isolates) {
      for (let sent = 0; sent < 200; sent++) {
        if ((await ping(isolate))?.status === 200) through += 1;
      }
    }
    const overshoot = isolates.length * 10;
    expect(through).toBeLessThanOrEqual(100 + overshoot);
    expect(through).toBeGreaterThanOrEqual(100);
  });
});
