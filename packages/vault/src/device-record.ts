/**
 * The record beside the device key, outside the vault's files: what an old copy of those can't take
 * back. JSON, below 1 KiB:
 *
 *     {"version": 1, "epoch": 7, "vault_seals": "5c…",
 *      "attempts": {"sign_in": [failed, waitMs, clockEpoch, clockMs], …}}
 */
import { type AttemptKind, type AttemptState, isAttemptState } from "./auth/attempts.ts";
import { ShapeError, countOf, objectWith, textOf } from "./header/strict-json.ts";
import { VaultError } from "./vault-error.ts";

const recordVersion = 1;
/** SHA-256 in hexadecimal. */
const sealsPattern = /^[0-9a-f]{64}$/;

export interface DeviceRecord {
  /** Null in a record that an attempt made, until the vault was opened. */
  readonly epoch: number | null;
  /** How `vault.db` was closed (see `handle/closing-note.ts`); null when that wasn't noted. */
  readonly vaultSeals: string | null;
  readonly attempts: Readonly<Record<AttemptKind, AttemptState>>;
}

export function deviceRecordToText({ epoch, vaultSeals, attempts }: DeviceRecord): string {
  return JSON.stringify({
    version: recordVersion,
    epoch,
    vault_seals: vaultSeals,
    attempts: { sign_in: toTuple(attempts.sign_in), recovery: toTuple(attempts.recovery) },
  });
}

/**
 * The record in `text`, or null when it is damaged.
 *
 * @throws {VaultError} `newer_version`.
 */
export function textToDeviceRecord(text: string): DeviceRecord | null {
  try {
    const parsed: unknown = JSON.parse(text);
    checkVersion(parsed);
    const record = objectWith(parsed, ["version", "epoch", "vault_seals", "attempts"]);
    const attempts = objectWith(record.attempts, ["sign_in", "recovery"]);
    return {
      epoch: record.epoch === null ? null : countOf(record.epoch),
      vaultSeals: record.vault_seals === null ? null : textOf(record.vault_seals, sealsPattern),
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

/** A later version may have other keys, so it is looked at first. */
function checkVersion(value: unknown): void {
  const version =
    typeof value === "object" && value !== null && "version" in value ? value.version : null;
  if (countOf(version) > recordVersion) {
    throw new VaultError("newer_version", { parts: ["device record"] });
  }
  if (version !== recordVersion) throw new ShapeError("version");
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
