/** Moments and waits as people read them, in their own time zone. */
import { fromInstant } from "@hi-stranger/core/clock";

const minuteMs = 60_000;

/** `14:32`, or with the day when that isn't today's. */
function formatMoment(atMs: number, nowMs: number): string {
  const at = new Date(atMs);
  const time = `${pad(at.getHours())}:${pad(at.getMinutes())}`;
  if (at.toDateString() === new Date(nowMs).toDateString()) return time;
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())} ${time}`;
}

/** `14:32, in 4 min 12 s`. */
export function formatWait(seconds: number, nowMs: number): string {
  return `${formatMoment(nowMs + seconds * 1000, nowMs)}, in ${formatSeconds(seconds)}`;
}

/** `12 s`, `4 min 12 s`, `2 h 05 min`. */
function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${pad(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

/** `14:32, 30 min from now`. `expiresAt` is an instant. */
export function formatEnd(expiresAt: string, nowMs: number): string {
  const atMs = fromInstant(expiresAt);
  const minutes = Math.max(0, Math.round((atMs - nowMs) / minuteMs));
  return `${formatMoment(atMs, nowMs)}, ${minutes} min from now`;
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}
