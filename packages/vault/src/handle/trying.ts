/**
 * Trying a secret while nothing proves which copy of the header is right: the MAC's key comes with the
 * secret. The newest copy counts. The other one, and what `auth.db` keeps, are tried as well where
 * their slots are others, within the same attempt: so copies that somebody has made up keep nobody
 * from opening the vault.
 */
import { newestAuthentic } from "../header/header-file.ts";
import type { HeaderPayload } from "../header/header-payload.ts";
import { areSameSlots } from "../header/slots-json.ts";
import type { VaultPlatform } from "../ports.ts";
import { wipe } from "../secret-bytes.ts";
import { deriveVaultKey } from "../vault-keys.ts";
import type { VaultParts } from "./parts.ts";

/**
 * What `attempt` opens by one of the readings, or null. The slots of another than the first, which a
 * change may have replaced, open nothing unless they are those of the newest copy that someone with
 * the master key wrote, or, where there is no such copy, those of `auth.db`.
 *
 * @throws {VaultError} `newer_version` when nothing opens and a copy is of a later version.
 */
export async function tryCopies<Opened extends { readonly vmk: Uint8Array<ArrayBuffer> }>(
  platform: VaultPlatform,
  parts: VaultParts,
  attempt: (payload: HeaderPayload) => Promise<Opened | null>,
): Promise<Opened | null> {
  for (const payload of parts.readings) {
    const opened = await attempt(payload);
    if (!opened) continue;
    if (payload === parts.payload || (await areSlotsRight(platform, parts, payload, opened.vmk))) {
      return opened;
    }
    wipe(opened.vmk);
  }
  if (parts.refusal?.code === "newer_version") throw parts.refusal;
  return null;
}

async function areSlotsRight(
  { subtle }: VaultPlatform,
  { file, kept }: VaultParts,
  { vaultId, slots }: HeaderPayload,
  vmk: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const macKey = await deriveVaultKey(subtle, vmk, vaultId, "hs/vault/header-mac/v1");
  const authentic = await newestAuthentic(subtle, macKey, file).finally(() => wipe(macKey));
  const right = authentic?.header.payload ?? kept;
  return right !== null && areSameSlots(slots, right.slots);
}
