/**
 * The device keys of a browser: non-extractable HKDF keys in IndexedDB. Scripts of this origin can
 * derive from them and no one can read them; they go with the site's data when it is cleared.
 */
import { type FillRandom, platformRandom } from "@hi-stranger/core/codec/ids";
import type { DeviceKey, DeviceKeyStore } from "../ports.ts";
import { VaultError } from "../vault-error.ts";
import { requestToPromise, transactionToPromise } from "./idb.ts";

const keyByteLength = 32;
const maxRecordLength = 1024;
const stores = { keys: "device_keys", records: "device_records" } as const;
type StoreName = (typeof stores)[keyof typeof stores];

export interface DeviceKeyOptions {
  readonly subtle: SubtleCrypto;
  readonly fillRandom?: FillRandom;
  /** The name of the IndexedDB database. */
  readonly databaseName?: string;
}

/** Every call rejects with {@link VaultError} `key_store_unreachable` when the browser refuses IndexedDB. */
export function createDeviceKeyStore({
  subtle,
  fillRandom = platformRandom,
  databaseName = "hi-stranger-device-keys",
}: DeviceKeyOptions): DeviceKeyStore {
  const reading = <Result>(name: StoreName, vaultId: string): Promise<Result | undefined> =>
    withDatabase(databaseName, (database) =>
      requestToPromise(database.transaction(name).objectStore(name).get(vaultId)),
    );
  const writing = (work: (store: (name: StoreName) => IDBObjectStore) => void): Promise<void> =>
    withDatabase(databaseName, (database) => {
      const names = Object.values(stores);
      const transaction = database.transaction(names, "readwrite", { durability: "strict" });
      work((name) => transaction.objectStore(name));
      return transactionToPromise(transaction);
    });

  return {
    backend: "browser",

    async open(vaultId) {
      const key = await reading<unknown>(stores.keys, vaultId);
      return key instanceof CryptoKey ? toDeviceKey(subtle, key) : null;
    },

    async create(vaultId) {
      const bytes = new Uint8Array(keyByteLength);
      fillRandom(bytes);
      const key = await subtle.importKey("raw", bytes, "HKDF", false, ["deriveBits"]);
      bytes.fill(0);
      await writing((store) => {
        store(stores.keys).put(key, vaultId);
      });
      return toDeviceKey(subtle, key);
    },

    remove: (vaultId) =>
      writing((store) => {
        store(stores.keys).delete(vaultId);
        store(stores.records).delete(vaultId);
      }),

    async readRecord(vaultId) {
      const record = await reading<unknown>(stores.records, vaultId);
      return typeof record === "string" ? record : null;
    },

    async writeRecord(vaultId, record) {
      if (record.length > maxRecordLength) throw new RangeError("the record is too long");
      await writing((store) => {
        store(stores.records).put(record, vaultId);
      });
    },
  };
}

function toDeviceKey(subtle: SubtleCrypto, key: CryptoKey): DeviceKey {
  return {
    async derive(info, byteLength) {
      const parameters = {
        name: "HKDF",
        hash: "SHA-256",
        salt: new Uint8Array(),
        info: new Uint8Array(info),
      };
      return new Uint8Array(await subtle.deriveBits(parameters, key, byteLength * 8));
    },
  };
}

/** Opens the database for one call, so that no connection outlives a tab's interest in it. */
async function withDatabase<Result>(
  name: string,
  work: (database: IDBDatabase) => Promise<Result>,
): Promise<Result> {
  try {
    const request = indexedDB.open(name, 1);
    request.addEventListener("upgradeneeded", () => {
      for (const store of Object.values(stores)) request.result.createObjectStore(store);
    });
    const database = await requestToPromise(request);
    try {
      return await work(database);
    } finally {
      database.close();
    }
  } catch (error) {
    const isFull = error instanceof DOMException && error.name === "QuotaExceededError";
    throw new VaultError(isFull ? "disk_full" : "key_store_unreachable", { cause: error });
  }
}
