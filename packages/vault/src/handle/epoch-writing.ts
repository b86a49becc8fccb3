/**
 * Writing the counter that shows an old copy (see `epochs.ts`) into its four places, in their order.
 * The header's slots are written along, and their copy in `auth.db`: in all places, one counter
 * stands for one set of slots.
 */
import { toInstant } from "@hi-stranger/core/clock";
import { clearAttempts } from "../auth/attempt-rows.ts";
import { mirrorHeader, writeSetting } from "../auth/auth-database.ts";
import { type EpochPlace, epochPlaces, nextEpoch } from "../epochs.ts";
import { writeHeader } from "../header/header-file.ts";
import type { VaultPlatform } from "../ports.ts";
import { writeSettledEpoch, writeVaultEpoch } from "../vault-database.ts";
import { keptAttempts, writeRecord } from "./attempt-ledger.ts";
import type { Unlocked } from "./state.ts";

export interface EpochWrite {
  readonly epoch: number;
  readonly places: readonly EpochPlace[];
  /** Whether a secret was just proven, so that failures are forgotten. */
  readonly isOpening: boolean;
}

/** Writes the counter into `places`, in their order. */
export async function writeEpoch(
  platform: VaultPlatform,
  unlocked: Unlocked,
  { epoch, places, isOpening }: EpochWrite,
): Promise<void> {
  const { database, macKey } = unlocked;
  const auth = unlocked.auth.database;
  const payload = { ...unlocked.header.payload, epoch };
  if (places.includes("vault.db")) database.transaction(() => writeVaultEpoch(database, epoch));
  if (places.includes("header")) {
    unlocked.header = await writeHeader(platform, macKey, unlocked.header, payload);
    unlocked.epoch = epoch;
  }
  if (places.includes("auth.db")) {
    const at = toInstant(platform.clock.now());
    auth.transaction(() => {
      writeSetting(auth, "epoch", String(epoch));
      mirrorHeader(auth, payload, at);
      if (isOpening) clearAttempts(auth);
    });
  }
  if (places.includes("device record")) {
    const attempts = keptAttempts(platform.monotonicClock, auth);
    await writeRecord(platform, payload, { epoch, vaultSeals: null, attempts });
  }
  unlocked.epoch = epoch;
  unlocked.settledEpoch = epoch;
}

/**
 * Writes the counter where a change of secrets that was cut short left it behind. Without this, the
 * next change would leave those places two behind, as nothing but an old copy is.
 */
export async function catchUp(platform: VaultPlatform, unlocked: Unlocked): Promise<void> {
  const { epoch, settledEpoch } = unlocked;
  if (settledEpoch === epoch) return;
  await writeEpoch(platform, unlocked, { epoch, places: epochPlaces, isOpening: false });
}

/** Makes the counter one more in all places, and notes it: the vault is being closed. */
export async function advanceEpoch(platform: VaultPlatform, unlocked: Unlocked): Promise<void> {
  await catchUp(platform, unlocked);
  const epoch = nextEpoch(unlocked.epoch);
  await writeEpoch(platform, unlocked, { epoch, places: epochPlaces, isOpening: false });
  noteSettled(unlocked);
}

/** Notes in `vault.db` that every place has the counter: from now on, no crash explains an older one. */
export function noteSettled({ database, settledEpoch }: Unlocked): void {
  database.transaction(() => writeSettledEpoch(database, settledEpoch));
}
