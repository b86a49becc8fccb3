import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Bucket,
  type Limit,
  fullBucket,
  putBack,
  refill,
  secondsUntil,
  take,
} from "../../src/gatekeeper/token-bucket.ts";

const limits = fc.record({
  requests: fc.integer({ min: 1, max: 1_000_000 }),
  windowSeconds: fc.integer({ min: 1, max: 86_400 }),
});
const perMinute: Limit = { requests: 60, windowSeconds: 60 };

function drain(bucket: Bucket): Bucket {
  return take(bucket, Number.MAX_SAFE_INTEGER).bucket;
}

describe("a token bucket", () => {
  it("gives its limit at once, then as much as flows in", () => {
    const first = take(fullBucket(perMinute, 0), 100);
    expect(first.taken).toBe(60);
    expect(take(refill(first.bucket, perMinute, 999), 100).taken).toBe(0);
    expect(take(refill(first.bucket, perMinute, 10_000), 100).taken).toBe(10);
    expect(take(refill(first.bucket, perMinute, 600_000), 100).taken).toBe(60);
  });

  it("never gives more than its limit and what flowed in, however it is asked", () => {
    const steps = fc.array(
      fc.record({ wait: fc.integer({ min: 0, max: 100_000 }), count: fc.nat(2_000_000) }),
    );
    fc.assert(
      fc.property(limits, steps, (limit, asked) => {
        let bucket = fullBucket(limit, 0);
        let nowMs = 0;
        let total = 0;
        for (const { wait, count } of asked) {
          nowMs += wait;
          const result = take(refill(bucket, limit, nowMs), count);
          bucket = result.bucket;
          total += result.taken;
          expect(bucket.tokens).toBeGreaterThanOrEqual(0);
        }
        const inflow = (nowMs * limit.requests) / (limit.windowSeconds * 1000);
        expect(total).toBeLessThanOrEqual(limit.requests + inflow + 1e-6 * (1 + inflow));
      }),
    );
  });

  it("is emptied by no clock that goes back, and filled by none", () => {
    const bucket = drain(fullBucket(perMinute, 50_000));
    const back = refill(bucket, perMinute, 10_000);
    expect(back).toEqual(bucket);
    expect(refill(back, perMinute, 51_000).tokens).toBeCloseTo(1);
  });

  it("takes back what wasn't used, and no more than it holds", () => {
    const { bucket } = take(fullBucket(perMinute, 0), 20);
    expect(putBack(bucket, 5, perMinute).tokens).toBe(45);
    expect(putBack(bucket, 500, perMinute).tokens).toBe(60);
  });

  it("says when it holds a number of tokens, and does then", () => {
    fc.assert(
      fc.property(limits, fc.integer({ min: 1, max: 1_000_000 }), (limit, tokens) => {
        const empty = drain(fullBucket(limit, 0));
        const seconds = secondsUntil(empty, tokens, limit);
        const then = refill(empty, limit, Math.ceil(seconds * 1000));
        expect(then.tokens).toBeGreaterThanOrEqual(Math.min(tokens, limit.requests) - 1e-6);
        expect(secondsUntil(then, tokens, limit)).toBeLessThan(1e-3);
      }),
    );
  });

  it("has no more than a lower limit allows when that comes", () => {
    const bucket = fullBucket(perMinute, 0);
    expect(refill(bucket, { requests: 6, windowSeconds: 60 }, 1).tokens).toBe(6);
  });
});
