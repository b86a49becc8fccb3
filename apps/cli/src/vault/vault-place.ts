/** Where a vault is, and what opens it there. */
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { findVault, findVaultName } from "@hi-stranger/vault/handle/presence";
import {
  createKeyFileStore,
  defaultKeyFolder,
  hasKeyFiles,
} from "@hi-stranger/vault/node/key-file";
import { createKeychainStore } from "@hi-stranger/vault/node/keychain";
import { createNodePlatform } from "@hi-stranger/vault/node/platform";
import { createVaultFiles } from "@hi-stranger/vault/node/vault-files";
import type { DeviceKeyStore, VaultPlatform } from "@hi-stranger/vault/ports";

export const keyStoreNames = ["keychain", "file"] as const;
export type KeyStoreName = (typeof keyStoreNames)[number];

/** The options that every command of `hi vault` takes, as parsed. */
export interface VaultOptions {
  readonly vault?: string;
  readonly keyStore?: KeyStoreName;
}

export interface VaultPlace {
  /** The vault's folder, absolute. */
  readonly folder: string;
  /** The key store that the command line names, or null. */
  readonly namedKeyStore: KeyStoreName | null;
  /** Where device keys are when they are kept in files. */
  readonly keyFolder: string;
  /** Throws a `VaultError`, `damaged`, where a vault's databases are and its header isn't. */
  hasVault(): Promise<boolean>;
  /**
   * What the vault needs. Its key store is the named one; otherwise files where there are any of this
   * vault, be they damaged, and the keychain in every other case.
   */
  openPlatform(): Promise<VaultPlatform>;
}

export function findVaultPlace({ vault, keyStore }: VaultOptions): VaultPlace {
  const folder = resolve(vault ?? (process.env["HI_VAULT"] || defaultVaultFolder()));
  const keyFolder = defaultKeyFolder(process.env);
  return {
    folder,
    namedKeyStore: keyStore ?? null,
    keyFolder,
    hasVault: async () => {
      const { subtle } = crypto;
      return (await findVault({ files: createVaultFiles(folder), subtle })) !== null;
    },
    async openPlatform() {
      const deviceKeys = await chooseKeyStore(folder, keyFolder, keyStore);
      return createNodePlatform({ folder, deviceKeys });
    },
  };
}

/** In the folder for the user's data (XDG base directories; local application data on Windows). */
function defaultVaultFolder(): string {
  const { XDG_DATA_HOME, LOCALAPPDATA } = process.env;
  const parent =
    (XDG_DATA_HOME && isAbsolute(XDG_DATA_HOME) && XDG_DATA_HOME) ||
    (process.platform === "win32" && LOCALAPPDATA) ||
    join(homedir(), ".local", "share");
  return join(parent, "hi-stranger", "vault");
}

async function chooseKeyStore(
  folder: string,
  keyFolder: string,
  named: KeyStoreName | undefined,
): Promise<DeviceKeyStore> {
  if (named === "keychain") return createKeychainStore();
  const deviceKeys = createKeyFileStore(keyFolder, folder);
  if (named === "file") return deviceKeys;
  const vaultName = await findVaultName(createNodePlatform({ folder, deviceKeys }));
  const isInFiles = vaultName !== null && hasKeyFiles(keyFolder, vaultName);
  return isInFiles ? deviceKeys : createKeychainStore();
}
