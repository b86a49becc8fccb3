/**
 * Changing the vault's secrets. One write of the header is the change; what only copies it follows,
 * and is brought up by the next change or unlocking when something comes in between.
 *
 * The counter that shows an old copy moves along (see `epochs.ts`), so that no older header, and no
 * secret in it, counts again unnoticed.
 */
import { toInstant } from "@hi-stranger/core/clock";
import {
  type VaultEvent,
  logEvent,
  mirrorHeader,
  writePassphraseHash,
  writeSetting,
} from "../auth/auth-database.ts";
import { nextEpoch } from "../epochs.ts";
import { removeOtherQuestionRows } from "../auth/question-rows.ts";
import { writeOlderCopy } from "../header/header-file.ts";
import type { Notice } from "../notices.ts";
import type { VaultPlatform } from "../ports.ts";
import type { Slots } from "../slots/slot.ts";
import { writeVaultEpoch } from "../vault-database.ts";
import { keptAttempts, writeRecord } from "./attempt-ledger.ts";
import { catchUp, noteSettled } from "./epoch-writing.ts";
import type { Unlocked } from "./state.ts";

export interface SlotChange {
  readonly slots: Slots;
  /** The PHC string of a new passphrase. */
  readonly phc?: string;
  /** What the change is, for the log. */
  readonly events: readonly VaultEvent[];
}

/**
 * Puts new slots in the place of the old ones.
 *
 * @throws {VaultError} `disk_full`, `read_only`; then nothing has changed.
 */
export async function commitSlots(
  platform: VaultPlatform,
  unlocked: Unlocked,
  change: SlotChange,
): Promise<Notice[]> {
  const { database } = unlocked;
  await catchUp(platform, unlocked);
  const epoch = nextEpoch(unlocked.epoch);
  const payload = { ...unlocked.header.payload, epoch, slots: change.slots };
  database.transaction(() => writeVaultEpoch(database, epoch));
  unlocked.header = await writeOlderCopy(platform, unlocked.macKey, unlocked.header, payload);
  unlocked.epoch = epoch;
  try {
    // The other copy still has the old slots: they shall open nothing.
    unlocked.header = await writeOlderCopy(platform, unlocked.macKey, unlocked.header, payload);
    mirrorChange(platform, unlocked, change);
    const attempts = keptAttempts(platform.monotonicClock, unlocked.auth.database);
    await writeRecord(platform, payload, { epoch, vaultSeals: null, attempts });
    unlocked.settledEpoch = epoch;
    noteSettled(unlocked);
    return [];
  } catch {
    // The change is made, and whoever asked has to hear of it, with a new code if there is one:
    // whatever came in between, the next unlocking makes up for.
    return ["repair_pending"];
  }
}

function mirrorChange(
  { clock }: VaultPlatform,
  { auth, header }: Unlocked,
  { slots, phc, events }: SlotChange,
): void {
  const { database } = auth;
  const nowMs = clock.now();
  const at = toInstant(nowMs);
  database.transaction(() => {
    writeSetting(database, "epoch", String(header.payload.epoch));
    mirrorHeader(database, header.payload, at);
    removeOtherQuestionRows(database, slots.questions?.setId ?? null);
    if (phc !== undefined) {
      writePassphraseHash(database, { phc, salt: slots.passphrase.kdf.salt, at });
    }
    for (const event of events) logEvent(database, event, nowMs);
  });
}
