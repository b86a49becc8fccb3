/**
 * Attempts on the vault, counted in `auth.db` and in the record beside the device key; the stricter
 * of the two counts. So neither an old `auth.db` nor a missing one takes failures back.
 */
import {
  type AttemptKind,
  type AttemptState,
  attemptKinds,
  countAttempt,
  creditWait,
  noAttempts,
  stricter,
} from "../auth/attempts.ts";
import { logEvent } from "../auth/auth-database.ts";
import { readAttempts, writeAttempts } from "../auth/attempt-rows.ts";
import { type DeviceRecord, deviceRecordToText } from "../device-record.ts";
import type { HeaderPayload } from "../header/header-payload.ts";
import type { Database, MonotonicClock, VaultPlatform } from "../ports.ts";
import { VaultError } from "../vault-error.ts";
import type { VaultParts } from "./parts.ts";
import { vaultNameOf } from "./state.ts";

type Attempts = Readonly<Record<AttemptKind, AttemptState>>;

export type LedgerInput = Pick<VaultParts, "auth" | "record" | "payload">;

export interface AttemptLedger {
  /** How things stand now, for a person who waits. */
  readonly current: Attempts;
  /**
   * Counts an attempt, durably, before it is made.
   *
   * @throws {VaultError} `locked_out` when none may be made now; what was waited so far is kept.
   */
  begin(kind: AttemptKind): Promise<void>;
  /** The error to throw after an attempt that failed, with the wait it cost, if any. */
  failed(kind: AttemptKind): VaultError;
  /** Forgets all failures, after a success. */
  succeeded(): Promise<void>;
  /** Keeps what has been waited so far, so that the next start goes on from there. */
  saveCredit(): Promise<void>;
}

/** The ledger of the vault that `parts` are of. */
export function openLedger(platform: VaultPlatform, parts: LedgerInput): AttemptLedger {
  let current = effectiveAttempts(platform.monotonicClock, parts);

  const save = async (changed: Attempts): Promise<void> => {
    current = changed;
    const database = parts.auth?.database;
    database?.transaction(() => {
      for (const kind of attemptKinds) writeAttempts(database, kind, changed[kind]);
    });
    // A record that is gone can't be made again from what is still unproven.
    const { epoch = null, vaultSeals = null } = parts.record ?? {};
    await writeRecord(platform, parts.payload, { epoch, vaultSeals, attempts: changed });
  };

  return {
    get current() {
      return current;
    },

    async begin(kind) {
      const waitMs = current[kind].waitMs;
      if (waitMs > 0) {
        await save(current);
        throw new VaultError("locked_out", { retryAfterSeconds: toSeconds(waitMs) });
      }
      await save({ ...current, [kind]: countAttempt(kind, current[kind]) });
    },

    failed(kind) {
      const waitMs = current[kind].waitMs;
      if (waitMs === 0) return new VaultError("unlock_failed");
      if (parts.auth) logEvent(parts.auth.database, "locked_out", platform.clock.now());
      return new VaultError("unlock_failed", { retryAfterSeconds: toSeconds(waitMs) });
    },

    async succeeded() {
      const none = noAttempts(momentOf(platform.monotonicClock));
      await save({ sign_in: none, recovery: none });
    },

    saveCredit: async () => save(current),
  };
}

/** What `auth.db` keeps of both kinds, as it is now. */
export function keptAttempts(clock: MonotonicClock, database: Database): Attempts {
  const now = momentOf(clock);
  const kept = (kind: AttemptKind): AttemptState =>
    creditWait(readAttempts(database, kind) ?? noAttempts(now), now);
  return { sign_in: kept("sign_in"), recovery: kept("recovery") };
}

/** Replaces the record beside the device key. */
export async function writeRecord(
  { deviceKeys }: VaultPlatform,
  identity: Pick<HeaderPayload, "vaultId">,
  record: DeviceRecord,
): Promise<void> {
  await deviceKeys.writeRecord(vaultNameOf(identity), deviceRecordToText(record));
}

function effectiveAttempts(clock: MonotonicClock, { auth, record }: LedgerInput): Attempts {
  const now = momentOf(clock);
  const none = { sign_in: noAttempts(now), recovery: noAttempts(now) };
  const kept = auth ? keptAttempts(clock, auth.database) : none;
  const recorded = record?.attempts ?? none;
  const effective = (kind: AttemptKind): AttemptState =>
    stricter(kept[kind], creditWait(recorded[kind], now));
  return { sign_in: effective("sign_in"), recovery: effective("recovery") };
}

function momentOf(clock: MonotonicClock): { epochId: string; ms: number } {
  return { epochId: clock.epochId, ms: clock.nowMs() };
}

function toSeconds(waitMs: number): number {
  return Math.ceil(waitMs / 1000);
}
