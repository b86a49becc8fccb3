import { createIdSource, platformRandom } from "@hi-stranger/core/codec/ids";
import { StoreError } from "@hi-stranger/core/errors";
import { beforeEach, describe, expect, it } from "vitest";
import { createOnceOf } from "../../src/app-once.ts";
import { requireKeyring } from "../../src/app-identity.ts";
import { createOnceSeals } from "../../src/services/once-seals.ts";
import { type Once, createOnce } from "../../src/services/once.ts";
import { createD1OnceStore, onceLeaseMs } from "../../src/stores/once.d1.ts";
import { createHeldClock } from "../support/browser.ts";
import { emptyDatabase } from "../support/empty.ts";
import { env } from "../support/env.ts";

const own = { principal: { kind: "operator" }, routeId: "startKeyRotation", key: "k" } as const;
const request = { method: "POST", path: "/", query: "", body: "{}" };
const answer = { status: 201, body: '{"made":1}' };
const daySeconds = 24 * 60 * 60;

let clock: ReturnType<typeof createHeldClock>;
let once: Once;
beforeEach(async () => {
  await emptyDatabase(env.DB);
  clock = createHeldClock();
  once = openOnce();
});

/** That of an isolate of its own. */
function openOnce(): Once {
  return createOnceOf(env.DB, env, { clock, newId: createIdSource(clock) });
}

const never = () => Promise.reject(new Error("it ran"));

/** A request that runs, and has what it answers when `answer` is told. */
async function startHeldUp(by: Once) {
  const held = Promise.withResolvers<typeof answer>();
  const isRunning = Promise.withResolvers<undefined>();
  const outcome = by.run(own, request, () => {
    isRunning.resolve(undefined);
    return held.promise;
  });
  await isRunning.promise;
  return { outcome, answer: held };
}

async function codeOf(running: Promise<unknown>): Promise<string> {
  return running.then(
    () => "none",
    (error: unknown) => (error instanceof StoreError ? error.code : String(error)),
  );
}

describe("a request with an idempotency key", () => {
  it("runs once, and gives its answer to repeats for 24 hours", async () => {
    expect(await once.run(own, request, async () => answer)).toBeNull();
    expect(await openOnce().run(own, request, never)).toEqual(answer);
    clock.move(daySeconds - 1);
    expect(await openOnce().run(own, request, never)).toEqual(answer);
    clock.move(1);
    const next = { status: 200, body: "{}" };
    expect(await openOnce().run(own, request, async () => next)).toBeNull();
    expect(await openOnce().run(own, request, never)).toEqual(next);
  });

  it("refuses repeats while it runs, until its lease ends, and can't answer for who comes then", async () => {
    const late = await startHeldUp(once);
    clock.move(onceLeaseMs / 1000 - 1);
    const refused = await openOnce()
      .run(own, request, never)
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: "idempotency_in_progress",
      extra: { headers: { "Retry-After": "1" } },
    });
    clock.move(1);
    const next = { status: 200, body: '{"made":2}' };
    expect(await openOnce().run(own, request, async () => next)).toBeNull();
    late.answer.resolve(answer);
    expect(await late.outcome).toBeNull();
    expect(await openOnce().run(own, request, never)).toEqual(next);
  });

  it("that failed late doesn't free the key of who came then", async () => {
    const late = await startHeldUp(once);
    clock.move(onceLeaseMs / 1000);
    const next = await startHeldUp(openOnce());
    late.answer.reject(new StoreError("not_found", "gone"));
    expect(await codeOf(late.outcome)).toBe("not_found");
    expect(await codeOf(openOnce().run(own, request, never))).toBe("idempotency_in_progress");
    next.answer.resolve(answer);
    expect(await next.outcome).toBeNull();
  });

  it.each([new StoreError("not_found", "no"), new TypeError("broken")])(
    "that fails with %s frees its key, for another request too",
    async (failure) => {
      const failing = once.run(own, request, () => Promise.reject(failure));
      await expect(failing).rejects.toBe(failure);
      const other = { ...request, body: "[]" };
      expect(await openOnce().run(own, other, async () => answer)).toBeNull();
    },
  );

  it("refuses another request with the key, and leaves other keys alone", async () => {
    await once.run(own, request, async () => answer);
    for (const other of [
      { ...request, body: "[]" },
      { ...request, path: "/other" },
      { ...request, query: "?a=1" },
      { ...request, method: "PUT" },
    ]) {
      expect(await codeOf(once.run(own, other, never))).toBe("idempotency_key_reused");
    }
    expect(await once.run({ ...own, key: "j" }, request, async () => answer)).toBeNull();
    expect(await once.run({ ...own, routeId: "r" }, request, async () => answer)).toBeNull();
  });

  it("runs once of ten that come at one moment", async () => {
    let runs = 0;
    const perform = async () => {
      runs += 1;
      return answer;
    };
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () =>
        openOnce()
          .run(own, request, perform)
          .then(
            (kept) => (kept ? "repeated" : "first"),
            (error: unknown) => (error instanceof StoreError ? error.code : String(error)),
          ),
      ),
    );
    expect(runs).toBe(1);
    expect(outcomes.filter((outcome) => outcome === "first")).toHaveLength(1);
    const others = new Set(outcomes.filter((outcome) => outcome !== "first"));
    expect(["idempotency_in_progress", "repeated"]).toEqual(expect.arrayContaining([...others]));
  });

  it("is answered though its answer can't be kept", async () => {
    const store = createD1OnceStore(env.DB, clock);
    const failing = createOnce({
      store: { ...store, keep: () => Promise.reject(new Error("D1 is overloaded")) },
      seals: createOnceSeals({
        environment: env.HS_ENV,
        subtle: crypto.subtle,
        fillRandom: platformRandom,
        requireKeyring: () => requireKeyring(env.KEYRING),
      }),
      newId: createIdSource(clock),
    });
    expect(await failing.run(own, request, async () => answer)).toBeNull();
    expect(await codeOf(once.run(own, request, never))).toBe("idempotency_in_progress");
  });
});
