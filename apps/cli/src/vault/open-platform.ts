/** What opens a vault: cryptography, SQLite and the key store, whose native parts take a while to load. */
import { findVaultName } from "@hi-stranger/vault/handle/presence";
import { createKeyFileStore, hasKeyFiles } from "@hi-stranger/vault/node/key-file";
import { createKeychainStore } from "@hi-stranger/vault/node/keychain";
import { createNodePlatform } from "@hi-stranger/vault/node/platform";
import type { DeviceKeyStore, VaultPlatform } from "@hi-stranger/vault/ports";
import type { VaultPlace } from "./vault-place.ts";

type Place = Pick<VaultPlace, "folder" | "keyFolder" | "namedKeyStore">;

/**
 * Its key store is the named one; otherwise files where there are any of this vault, be they damaged,
 * and the keychain in every other case.
 */
export async function openPlatform(place: Place): Promise<VaultPlatform> {
  return createNodePlatform({ folder: place.folder, deviceKeys: await chooseKeyStore(place) });
}

async function chooseKeyStore({
  folder,
  keyFolder,
  namedKeyStore,
}: Place): Promise<DeviceKeyStore> {
  if (namedKeyStore === "keychain") return createKeychainStore();
  const deviceKeys = createKeyFileStore(keyFolder, folder);
  if (namedKeyStore === "file") return deviceKeys;
  const vaultName = await findVaultName(createNodePlatform({ folder, deviceKeys }));
  const isInFiles = vaultName !== null && hasKeyFiles(keyFolder, vaultName);
  return isInFiles ? deviceKeys : createKeychainStore();
}
