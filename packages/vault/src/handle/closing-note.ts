/**
 * What `vault.db` was like when it was closed, noted in the device's record: SHA-256 of the seals of its
 * pages. The counter shows when the whole file is put back (see `epochs.ts`); this shows it for single
 * pages too, each of which is whole and authentic for itself. Like the counter there, it is out of
 * reach for whoever has the vault's files alone.
 *
 * The note goes before anything is written again. So after a crash there is none, and nothing is
 * compared; nor is there one of a file that is too long to be read at each opening.
 */
import { toHex } from "@hi-stranger/core/codec/bytes";
import type { DeviceRecord } from "../device-record.ts";
import type { HeaderPayload } from "../header/header-payload.ts";
import type { VaultPlatform } from "../ports.ts";
import { keptAttempts, writeRecord } from "./attempt-ledger.ts";
import type { Unlocked } from "./state.ts";

/** Reading its seals takes about 1 ms a mebibyte. */
const maxByteLength = 64 * 1024 * 1024;

/** Notes it. `vault.db` is closed, and `auth.db` is open. */
export async function noteClosed(
  platform: VaultPlatform,
  { auth, header, settledEpoch }: Unlocked,
): Promise<void> {
  const vaultSeals = await digestSeals(platform);
  if (vaultSeals === null) return;
  const attempts = keptAttempts(platform.monotonicClock, auth.database);
  await writeRecord(platform, header.payload, { epoch: settledEpoch, vaultSeals, attempts });
}

/** Whether `vault.db`, which isn't open yet, is as it was closed, as far as that was noted. */
export async function isAsClosed(
  platform: VaultPlatform,
  record: DeviceRecord | null,
): Promise<boolean> {
  const noted = record?.vaultSeals ?? null;
  return noted === null || noted === (await digestSeals(platform));
}

/** Before `vault.db` is written to. */
export async function forgetClosed(
  platform: VaultPlatform,
  identity: Pick<HeaderPayload, "vaultId">,
  record: DeviceRecord | null,
): Promise<void> {
  if (!record || record.vaultSeals === null) return;
  await writeRecord(platform, identity, { ...record, vaultSeals: null });
}

/** In hexadecimal, or null where there is nothing to compare. */
async function digestSeals({ files, subtle }: VaultPlatform): Promise<string | null> {
  const seals = await files.readSeals("vault", maxByteLength);
  return seals && toHex(new Uint8Array(await subtle.digest("SHA-256", seals)));
}
