/**
 * Device keys in files, for machines without a keychain. Whoever can read the files of this account
 * has the key; so it is used only when the person says so, and it has to stay away from the vault's
 * folder, as whoever copies that shall not get both.
 *
 * Two files a vault, 0600 in a folder of 0700: `<vault id>.key`, 32 bytes, and `<vault id>.record`.
 */
import { lstatSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, relative, resolve } from "node:path";
import type { DeviceKeyStore } from "../ports.ts";
import { copySecret } from "../secret-bytes.ts";
import { VaultError } from "../vault-error.ts";
import { importDeviceKey, newDeviceKey } from "./device-key.ts";
import { replaceFile, syncFolder } from "./durable-file.ts";
import { ensurePrivateFolder } from "./private-folder.ts";
import { codeOf, withVaultErrors } from "./system-errors.ts";

const ourNames = /^[0-9a-f]{32}\.(key|record)(\.new)?$/;

/** Where device keys are kept unless told otherwise. */
export function defaultKeyFolder(environment: NodeJS.ProcessEnv): string {
  const dataHome = environment["XDG_DATA_HOME"];
  const base = dataHome && isAbsolute(dataHome) ? dataHome : join(homedir(), ".local", "share");
  return join(base, "hi-stranger", "device-keys");
}

/**
 * Device keys in the files of `keyFolder`.
 *
 * @throws {VaultError} `invalid_choice` when that is inside `vaultFolder`; its methods that write, when
 *   others can open it (see `private-folder.ts`).
 */
export function createKeyFileStore(keyFolder: string, vaultFolder: string): DeviceKeyStore {
  const path = relative(resolve(vaultFolder), resolve(keyFolder));
  if (path === "" || (!path.startsWith("..") && !isAbsolute(path))) {
    const advice =
      "The device key must not be kept inside the vault's folder. Choose another place.";
    throw new VaultError("invalid_choice", {}, advice);
  }
  const keyPath = (vaultId: string): string => pathOf(keyFolder, vaultId, "key");
  const recordPath = (vaultId: string): string => pathOf(keyFolder, vaultId, "record");

  return {
    backend: "file",
    open: async (vaultId) => {
      const bytes = readOrNull(keyPath(vaultId));
      return bytes && importDeviceKey(bytes);
    },
    create: async (vaultId) => {
      const { bytes, deviceKey } = await newDeviceKey();
      writeTo(keyFolder, () => {
        replaceFile(keyPath(vaultId), bytes);
      });
      bytes.fill(0);
      return deviceKey;
    },
    remove: async (vaultId) => {
      writeTo(keyFolder, () => {
        rmSync(keyPath(vaultId), { force: true });
        rmSync(recordPath(vaultId), { force: true });
        syncFolder(keyFolder);
      });
    },
    readRecord: async (vaultId) => {
      const bytes = readOrNull(recordPath(vaultId));
      return bytes && new TextDecoder().decode(bytes);
    },
    writeRecord: async (vaultId, record) => {
      writeTo(keyFolder, () => {
        replaceFile(recordPath(vaultId), new TextEncoder().encode(record));
      });
    },
  };
}

/**
 * Whether `keyFolder` holds a key or a record of the vault, whole or not: then its key was kept in files.
 */
export function hasKeyFiles(keyFolder: string, vaultId: string): boolean {
  return (["key", "record"] as const).some((kind) => {
    const info = lstatSync(pathOf(keyFolder, vaultId, kind), { throwIfNoEntry: false });
    return info !== undefined;
  });
}

function pathOf(keyFolder: string, vaultId: string, kind: "key" | "record"): string {
  return join(keyFolder, `${checkedId(vaultId)}.${kind}`);
}

/** The id becomes a file's name. */
function checkedId(vaultId: string): string {
  if (!/^[0-9a-f]{32}$/.test(vaultId)) throw new TypeError("not a vault's id");
  return vaultId;
}

function writeTo(folder: string, work: () => void): void {
  withVaultErrors("device key", () => {
    ensurePrivateFolder(folder, (name) => ourNames.test(name));
    work();
  });
}

function readOrNull(path: string): Uint8Array<ArrayBuffer> | null {
  try {
    const bytes = readFileSync(path);
    const copy = copySecret(bytes);
    bytes.fill(0);
    return copy;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw new VaultError("key_store_unreachable", { cause: error });
  }
}
