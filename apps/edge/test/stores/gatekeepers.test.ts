import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createDurableGatekeepers } from "../../src/stores/gatekeepers.do.ts";
import { gatekeepers } from "../support/gatekeepers.ts";

const question = {
  nowMs: 0,
  class: "read",
  limit: { requests: 10, windowSeconds: 60 },
  want: 1,
  giveBack: 0,
  counted: [],
} as const;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe("Gatekeepers", () => {
  it("answer for the one of that name, and leave no timer behind", async () => {
    const objects = createDurableGatekeepers({ namespace: gatekeepers(), jurisdiction: null });
    expect(await objects.ask("answers", { ...question, want: 10 })).toMatchObject({ granted: 10 });
    expect(await objects.ask("answers", question)).toMatchObject({ granted: 0 });
    expect(await objects.ask("another", question)).toMatchObject({ granted: 1 });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("that give no answer have failed after two seconds", async () => {
    const mute = { ask: () => new Promise(() => undefined) };
    const namespace = new Proxy(gatekeepers(), {
      get: (target, name) =>
        name === "get" ? () => mute : (Reflect.get(target, name) as () => unknown).bind(target),
    });
    const objects = createDurableGatekeepers({ namespace, jurisdiction: null });
    const asked = objects.ask("mute", question).catch((error: unknown) => error);
    vi.advanceTimersByTime(1_999);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(await asked).toMatchObject({ message: "a Gatekeeper gave no answer" });
  });
});
