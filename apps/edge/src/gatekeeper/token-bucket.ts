/**
 * A token bucket: it holds `requests` tokens at most and refills evenly, all of them in
 * `windowSeconds`. Whoever empties a full one and goes on gets at most twice `requests` in any window.
 */

/** How many requests in how long. */
export interface Limit {
  /** 1 or more. */
  readonly requests: number;
  /** 1 or more. */
  readonly windowSeconds: number;
}

export interface Bucket {
  /** With its fraction; never negative, never over the limit. */
  readonly tokens: number;
  /** When that was so, in epoch milliseconds. */
  readonly atMs: number;
}

export function fullBucket({ requests }: Limit, nowMs: number): Bucket {
  return { tokens: requests, atMs: nowMs };
}

/** The bucket as of `nowMs`. Time that runs backwards counts as standing still. */
export function refill({ tokens, atMs }: Bucket, limit: Limit, nowMs: number): Bucket {
  const elapsedMs = Math.max(0, nowMs - atMs);
  const added = (elapsedMs * limit.requests) / (limit.windowSeconds * 1000);
  return { tokens: Math.min(limit.requests, tokens + added), atMs: Math.max(atMs, nowMs) };
}

/** Takes whole tokens, `count` if there are as many. */
export function take(bucket: Bucket, count: number): { bucket: Bucket; taken: number } {
  const taken = Math.min(Math.floor(bucket.tokens), count);
  return { bucket: { ...bucket, tokens: bucket.tokens - taken }, taken };
}

/** Puts tokens back that were taken and not used. What doesn't fit is lost. */
export function putBack(bucket: Bucket, count: number, limit: Limit): Bucket {
  return { ...bucket, tokens: Math.min(limit.requests, bucket.tokens + count) };
}

/** Seconds until the bucket holds `tokens`; 0 when it does. */
export function secondsUntil(bucket: Bucket, tokens: number, limit: Limit): number {
  const missing = Math.max(0, Math.min(tokens, limit.requests) - bucket.tokens);
  return (missing * limit.windowSeconds) / limit.requests;
}
