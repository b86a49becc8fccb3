/**
 * What `vault.db` was like when it was closed, noted in `auth.db`: SHA-256 of the seals of its pages.
 * The counter shows when the whole file is put back (see `epochs.ts`); this shows it for single pages
 * too, each of which is whole and authentic for itself.
 *
 * The note goes before anything is written again. So after a crash there is none, and nothing is
 * compared; nor is there one of a file that is too long to be read at each opening.
 */
import { toHex } from "@hi-stranger/core/codec/bytes";
import { readSetting, removeSetting, writeSetting } from "../auth/auth-database.ts";
import type { Database, VaultPlatform } from "../ports.ts";

/** Reading its seals takes about 1 ms a mebibyte. */
const maxByteLength = 64 * 1024 * 1024;

/** Notes it. `vault.db` is closed, and `auth` is open. */
export async function noteClosed(platform: VaultPlatform, auth: Database): Promise<void> {
  const digest = await digestSeals(platform);
  if (digest !== null) writeSetting(auth, "vault_seals", digest);
}

/** Whether `vault.db`, which isn't open yet, is as it was closed, as far as that was noted. */
export async function isAsClosed(platform: VaultPlatform, auth: Database): Promise<boolean> {
  const noted = readSetting(auth, "vault_seals");
  return noted === null || noted === (await digestSeals(platform));
}

/** Before `vault.db` is written to. */
export function forgetClosed(auth: Database): void {
  removeSetting(auth, "vault_seals");
}

/** In hexadecimal, or null where there is nothing to compare. */
async function digestSeals({ files, subtle }: VaultPlatform): Promise<string | null> {
  const seals = await files.readSeals("vault", maxByteLength);
  return seals && toHex(new Uint8Array(await subtle.digest("SHA-256", seals)));
}
