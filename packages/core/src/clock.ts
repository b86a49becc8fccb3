/** Where the time comes from. Everything that needs it takes a clock, so that tests can hold it still. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
}

/** The clock of the machine. */
export const systemClock: Clock = { now: () => Date.now() };

/** `epochMs` as RFC 3339 UTC with milliseconds, the form of every time on the wire. */
export function toInstant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/**
 * The epoch milliseconds of `instant`, a `date-time` as our schemas have it (RFC 3339, a fraction
 * of up to nine digits cut to three); NaN for any other text.
 */
export function fromInstant(instant: string): number {
  // RFC 3339 allows lower-case letters, which ECMAScript doesn't promise to read.
  return Date.parse(instant.toUpperCase());
}
