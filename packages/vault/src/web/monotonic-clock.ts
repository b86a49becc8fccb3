/** Time since this worker began. The epoch is the worker's life: nothing later compares with it. */
import { toHex } from "@hi-stranger/core/codec/bytes";
import type { FillRandom } from "@hi-stranger/core/codec/ids";
import type { MonotonicClock } from "../ports.ts";

const epochIdBytes = 16;

/** `performance.now()` never goes back, whoever moves the wall clock (W3C High Resolution Time). */
export function createMonotonicClock(fillRandom: FillRandom): MonotonicClock {
  const bytes = new Uint8Array(epochIdBytes);
  fillRandom(bytes);
  return { epochId: `page-${toHex(bytes)}`, nowMs: () => performance.now() };
}
