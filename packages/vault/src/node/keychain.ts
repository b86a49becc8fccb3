/**
 * Device keys in the operating system's keychain: Keychain, Credential Manager or the Secret Service.
 *
 * Two entries a vault under the service "Hi Stranger". On Linux the Secret Service alone is taken:
 * the kernel's keyring, which the library would fall back to, is emptied at each boot, and the
 * questions with it.
 */
import { AsyncEntry } from "@napi-rs/keyring";
import type { DeviceKeyStore } from "../ports.ts";
import { copySecret } from "../secret-bytes.ts";
import { VaultError } from "../vault-error.ts";
import { importDeviceKey, newDeviceKey } from "./device-key.ts";

const service = "Hi Stranger";

export function createKeychainStore(): DeviceKeyStore {
  return {
    backend: "keychain",
    open: async (vaultId) => {
      const secret = await reached(async () => entry(vaultId, "key").getSecret());
      if (!secret) return null;
      const bytes = copySecret(secret);
      secret.fill(0);
      return importDeviceKey(bytes);
    },
    create: async (vaultId) => {
      const { bytes, deviceKey } = await newDeviceKey();
      await reached(async () => entry(vaultId, "key").setSecret(bytes));
      bytes.fill(0);
      return deviceKey;
    },
    remove: async (vaultId) =>
      reached(async () => {
        await entry(vaultId, "key").deleteCredential();
        await entry(vaultId, "record").deleteCredential();
      }),
    readRecord: async (vaultId) => reached(async () => entry(vaultId, "record").getPassword()),
    writeRecord: async (vaultId, record) =>
      reached(async () => entry(vaultId, "record").setPassword(record)),
  };
}

function entry(vaultId: string, kind: "key" | "record"): AsyncEntry {
  return new AsyncEntry(service, `vault ${vaultId} ${kind}`, {
    linux: { store: "secret-service" },
  });
}

/** Whatever goes wrong there means the same to a person: it can't be reached now. */
async function reached<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    throw new VaultError("key_store_unreachable", { cause });
  }
}
