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
