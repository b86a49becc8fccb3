/**
 * Trying a secret while nothing proves which copy of the header is right: the MAC's key comes with the
 * secret. The newest copy counts. The other one is tried as well where its slots are others, within
 * the same attempt: so a copy that somebody has made up keeps nobody from opening the vault.
 */
import { newestAuthentic } from "../header/header-file.ts";
import type { HeaderPayload } from "../header/header-payload.ts";
import type { VaultPlatform } from "../ports.ts";
import { wipe } from "../secret-bytes.ts";
import { deriveVaultKey } from "../vault-keys.ts";
import type { VaultParts } from "./parts.ts";

/**
 * What `attempt` opens by one of the copies, or null. The slots of the other copy, which a change may
 * have replaced, open nothing unless that copy is the newest that someone with the master key wrote.
 */
export async function tryCopies<Opened extends { readonly vmk: Uint8Array<ArrayBuffer> }>(
  platform: VaultPlatform,
  parts: VaultParts,
  attempt: (payload: HeaderPayload) => Promise<Opened | null>,
): Promise<Opened | null> {
  for (const payload of parts.readings) {
    const opened = await attempt(payload);
    if (!opened) continue;
    if (payload === parts.payload || (await isNewest(platform, parts, payload, opened.vmk))) {
      return opened;
    }
    wipe(opened.vmk);
  }
  return null;
}

async function isNewest(
  { subtle }: VaultPlatform,
  { file }: VaultParts,
  payload: HeaderPayload,
  vmk: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const macKey = await deriveVaultKey(subtle, vmk, payload.vaultId, "hs/vault/header-mac/v1");
  const authentic = await newestAuthentic(subtle, macKey, file).finally(() => wipe(macKey));
  return authentic?.header.payload === payload;
}
