/**
 * Where a vault is, and what opens it there. Most commands need its agent alone, so that what reads a
 * vault's files is loaded when they are read.
 */
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { defaultKeyFolder } from "@hi-stranger/vault/node/key-file";
import type { VaultPlatform } from "@hi-stranger/vault/ports";

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
  /** What the vault needs; see `open-platform.ts` for the key store. */
  openPlatform(): Promise<VaultPlatform>;
}

export function findVaultPlace({ vault, keyStore }: VaultOptions): VaultPlace {
  const folder = resolve(vault ?? (process.env["HI_VAULT"] || defaultVaultFolder()));
  const place = {
    folder,
    namedKeyStore: keyStore ?? null,
    keyFolder: defaultKeyFolder(process.env),
  };
  return {
    ...place,
    async hasVault() {
      const { findVault } = await import("@hi-stranger/vault/handle/presence");
      const { createVaultFiles } = await import("@hi-stranger/vault/node/vault-files");
      const { subtle } = crypto;
      return (await findVault({ files: createVaultFiles(folder), subtle })) !== null;
    },
    openPlatform: async () => (await import("./open-platform.ts")).openPlatform(place),
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
