/** Scenarios of the device keys. */
import { createDeviceKeyStore } from "../../../src/web/device-keys.ts";
import { isVaultError } from "../../../src/vault-error.ts";

const { subtle } = crypto;
const databaseName = "test-device-keys";
const info = new TextEncoder().encode("a purpose");

const openStore = () => createDeviceKeyStore({ subtle, databaseName });

/** Makes a key for `vaultId`; answers what is derived from it. */
export async function createKey(vaultId: string): Promise<Uint8Array> {
  return (await openStore().create(vaultId)).derive(info, 32);
}

/** What is derived from the kept key of `vaultId`, or null when there is none. */
export async function deriveFromKept(vaultId: string, purpose = info): Promise<Uint8Array | null> {
  const key = await openStore().open(vaultId);
  return key && key.derive(purpose, 32);
}

export const removeKey = (vaultId: string) => openStore().remove(vaultId);
export const writeRecord = (vaultId: string, text: string) =>
  openStore().writeRecord(vaultId, text);
export const readRecord = (vaultId: string) => openStore().readRecord(vaultId);

/** What the store derives from a key of given bytes. */
export async function deriveFromBytes(
  bytes: readonly number[],
  purpose: Uint8Array,
): Promise<Uint8Array> {
  const fillRandom = (into: Uint8Array) => into.set(bytes);
  const key = await createDeviceKeyStore({ subtle, databaseName, fillRandom }).create("known");
  return key.derive(purpose, 42);
}

/** What a script of this origin gets when it tries to read the kept key. */
export async function tryToExport(vaultId: string): Promise<string[]> {
  const database = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open(databaseName);
    request.addEventListener("success", () => resolve(request.result));
  });
  const key = await new Promise<CryptoKey>((resolve) => {
    const request = database.transaction("device_keys").objectStore("device_keys").get(vaultId);
    request.addEventListener("success", () => resolve(request.result as CryptoKey));
  });
  database.close();
  const formats = ["raw", "jwk"] as const;
  return Promise.all(
    formats.map((format) =>
      subtle.exportKey(format, key).then(
        () => "exported",
        (error: unknown) => (error instanceof Error ? error.name : String(error)),
      ),
    ),
  );
}

/** What is said where IndexedDB is refused. */
export async function withoutIndexedDb(): Promise<boolean> {
  const open = IDBFactory.prototype.open;
  IDBFactory.prototype.open = () => {
    throw new DOMException("refused", "SecurityError");
  };
  try {
    await openStore().open("any");
    return false;
  } catch (error) {
    return isVaultError(error, "key_store_unreachable");
  } finally {
    IDBFactory.prototype.open = open;
  }
}
