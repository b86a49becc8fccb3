import { expect, it } from "vitest";
import { createApp } from "../../src/app.ts";
import { createHeldClock, origin } from "../support/browser.ts";
import { env } from "../support/env.ts";

const limits = { address: { read: { requests: 6_000, window_seconds: 60 } } };

/** An isolate, and how many of `count` requests at once from one network it lets in. */
function open(network: string) {
  const clock = createHeldClock();
  const app = createApp({ ...env, HS_MODE: "live", RATE_LIMITS: JSON.stringify(limits) }, clock);
  const headers = { "CF-Connecting-IP": network };
  const send = () => app.fetch(new Request(`${origin}/api/ping`, { headers }));
  return {
    clock,
    async letIn(count: number): Promise<number> {
      const answers = await Promise.all(Array.from({ length: count }, send));
      return answers.filter(({ status }) => status === 200).length;
    },
  };
}

it.each([
  ["by an isolate that knows nothing of the caller", 0, []],
  ["after a second", 1, [1, 8]],
  ["when a lease is due for renewal", 7, [1, 8]],
  ["when a lease has ended, with requests left in it", 60, [1, 3]],
  ["when a lease has ended that followed a burst", 60, [40, 1, 40]],
] as const)(
  "requests at once that are within the limit are all let in: %s",
  async (_, idleSeconds, earlier) => {
    const isolate = open(`203.0.113.${idleSeconds + earlier.length}`);
    for (const count of earlier) expect(await isolate.letIn(count)).toBe(count);
    isolate.clock.move(idleSeconds);
    expect(await isolate.letIn(40)).toBe(40);
    isolate.clock.move(11);
    expect(await isolate.letIn(40)).toBe(40);
  },
);
