/**
 * The record beside the device key, outside the vault's files: what an old copy of those can't take
 * back. JSON, below 1 KiB:
 *
 *     {"version": 1, "epoch": 7, "attempts": {"sign_in": [failed, waitMs, clockEpoch, clockMs], …}}
 */
import { type AttemptKind, type AttemptState, isAttemptState } from "./auth/attempts.ts";
import { countOf, objectWith, ShapeError } from "./header/strict-json.ts";

export interface DeviceRecord {
  readonly epoch: number;
  readonly attempts: Readonly<Record<AttemptKind, AttemptState>>;
}

export function deviceRecordToText({ epoch, attempts }: DeviceRecord): string {
  return JSON.stringify({
    version: 1,
    epoch,
    attempts: { sign_in: toTuple(attempts.sign_in), recovery: toTuple(attempts.recovery) },
  });
}

/** The record in `text`, or null when it is damaged. */
export function textToDeviceRecord(text: string): DeviceRecord | null {
  try {
    const record = objectWith(JSON.parse(text), ["version", "epoch", "attempts"]);
    if (record.version !== 1) return null;
    const attempts = objectWith(record.attempts, ["sign_in", "recovery"]);
    return {
      epoch: countOf(record.epoch),
      attempts: {
        sign_in: fromTuple(attempts.sign_in),
        recovery: fromTuple(attempts.recovery),
      },
    };
  } catch (error) {
    if (error instanceof ShapeError || error instanceof SyntaxError) return null;
    throw error;
  }
}

function toTuple(state: AttemptState): unknown[] {
  return [state.failedCount, Math.ceil(state.waitMs), state.clockEpoch, Math.floor(state.clockMs)];
}

function fromTuple(value: unknown): AttemptState {
  const members: readonly unknown[] = Array.isArray(value) ? value : [];
  const [failedCount, waitMs, clockEpoch, clockMs] = members;
  if (
    typeof failedCount !== "number" ||
    typeof waitMs !== "number" ||
    typeof clockEpoch !== "string" ||
    typeof clockMs !== "number"
  ) {
    throw new ShapeError("not attempts");
  }
  const state = { failedCount, waitMs, clockEpoch, clockMs };
  if (!isAttemptState(state)) throw new ShapeError("attempts out of bounds");
  return state;
}
