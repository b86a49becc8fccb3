/**
 * What is usual for one caller, and when it is exceeded: events are counted in slots of ten minutes;
 * the last hour is compared with the hourly mean of the 24 hours before it.
 *
 * A caller who raises what is usual for them step by step still meets the ceiling, and one who stays
 * below what an hour may hold meets the bound of the day.
 */

const slotMs = 10 * 60 * 1000;
const slotsPerHour = 6;
const usualHours = 24;
/** How often the usual may be exceeded. */
const factor = 5;

/** Bounds of what an hour and a day may hold, whatever is usual. */
export interface Threshold {
  /** Never noticed in an hour up to here. */
  readonly floor: number;
  /** Always noticed in an hour above this. */
  readonly ceiling: number;
  /** Extreme above this, in the last hour and the 24 before it. */
  readonly perDay: number;
}

/** Events by slot; a slot is the number of its ten minutes since the epoch. */
export type CountsBySlot = ReadonlyMap<number, number>;

/** `calm` up to the threshold, `high` above it, `extreme` above twice of it or the bound of the day. */
export type Level = "calm" | "high" | "extreme";

export function slotOf(nowMs: number): number {
  return Math.floor(nowMs / slotMs);
}

/** The oldest slot that still says something at `nowMs`. */
export function oldestSlot(nowMs: number): number {
  return slotOf(nowMs) - slotsPerHour * (usualHours + 1) + 1;
}

/** The oldest slot of the last hour. */
export function oldestSlotOfHour(nowMs: number): number {
  return slotOf(nowMs) - slotsPerHour + 1;
}

/** Most events that the last hour may hold. */
export function mostPerHour(counts: CountsBySlot, threshold: Threshold, nowMs: number): number {
  const before = sum(counts, oldestSlot(nowMs), oldestSlotOfHour(nowMs) - 1);
  const usual = before / usualHours;
  return Math.min(threshold.ceiling, Math.max(threshold.floor, factor * usual));
}

export function levelOf(counts: CountsBySlot, threshold: Threshold, nowMs: number): Level {
  const lastHour = sum(counts, oldestSlotOfHour(nowMs), slotOf(nowMs));
  const lastDay = sum(counts, oldestSlot(nowMs), slotOf(nowMs));
  const most = mostPerHour(counts, threshold, nowMs);
  if (lastHour > 2 * most || lastDay > threshold.perDay) return "extreme";
  return lastHour > most ? "high" : "calm";
}

function sum(counts: CountsBySlot, first: number, last: number): number {
  let total = 0;
  for (const [slot, count] of counts) if (slot >= first && slot <= last) total += count;
  return total;
}
