/**
 * Looking over a vault without any secret: which of its files are there, and which copies are whole.
 * It opens nothing and changes nothing, so it may run while the vault is in use, and it is where
 * damage and a wrong secret are told apart.
 *
 * It can't look into the databases, whose every page is encrypted and authenticated; unlocking does.
 */
import { equalBytes } from "@hi-stranger/core/crypto/equal";
import { type HeaderFile, readHeaderFile } from "./header/header-file.ts";
import {
  type HeaderPayload,
  type VaultIdentity,
  encodePayload,
  isSameIdentity,
} from "./header/header-payload.ts";
import type { VaultPlatform } from "./ports.ts";
import { vaultNameOf } from "./handle/state.ts";
import { VaultError, type VaultErrorCode, isVaultError } from "./vault-error.ts";

export interface VaultCheck {
  /** Null when there is no vault. */
  readonly header: HeaderCheck | null;
  readonly hasAuthDatabase: boolean;
  readonly hasVaultDatabase: boolean;
  readonly keyStore: "keychain" | "file" | "browser";
  readonly deviceKey: "present" | "absent" | "damaged" | "unreachable" | "unknown";
  /** Whether everything is there and whole. */
  readonly isWhole: boolean;
}

export interface HeaderCheck {
  /** As the key store knows the vault; null when no part of the header tells. */
  readonly vaultName: string | null;
  readonly copies: readonly CopyCheck[];
  /**
   * Whether nothing whole in it contradicts the rest, as nothing does at rest: a change was cut short,
   * or somebody has changed a part. Unlocking tells.
   */
  readonly isConsistent: boolean;
  readonly isIdentityWhole: boolean;
}

export type CopyCheck =
  | {
      readonly state: "whole";
      readonly generation: number;
      readonly createdAt: string;
      readonly passphraseKdf: { readonly memoryKib: number; readonly passes: number };
      readonly hasRecoveryCode: boolean;
      readonly questionCount: number;
    }
  | { readonly state: "damaged" }
  | { readonly state: "refused"; readonly code: VaultErrorCode };

/** Looks the vault over. */
export async function checkVault(platform: VaultPlatform): Promise<VaultCheck> {
  const { files, deviceKeys } = platform;
  const file = await readHeaderFile(platform);
  const header = file && checkHeader(file);
  const hasAuthDatabase = await files.hasDatabase("auth");
  const hasVaultDatabase = await files.hasDatabase("vault");
  const deviceKey = await findDeviceKey(platform, header?.vaultName ?? null);
  const isHeaderWhole =
    header !== null &&
    header.isIdentityWhole &&
    header.isConsistent &&
    header.copies.every(({ state }) => state === "whole");
  return {
    header,
    hasAuthDatabase,
    hasVaultDatabase,
    keyStore: deviceKeys.backend,
    deviceKey,
    isWhole: isHeaderWhole && hasAuthDatabase && hasVaultDatabase && deviceKey === "present",
  };
}

function checkHeader({ copies, identity }: HeaderFile): HeaderCheck {
  const payloads = copies.flatMap((copy) => (copy.kind === "whole" ? [copy.payload] : []));
  const known = identity ?? payloads[0];
  return {
    vaultName: known ? vaultNameOf(known) : null,
    copies: copies.map(checkCopy),
    isConsistent: areConsistent(payloads, identity),
    isIdentityWhole: identity !== null,
  };
}

function areConsistent(
  [first, second]: readonly HeaderPayload[],
  identity: VaultIdentity | null,
): boolean {
  if (!first) return true;
  const isOfIdentity = !identity || isSameIdentity(first, identity);
  return isOfIdentity && (!second || equalBytes(encodePayload(first), encodePayload(second)));
}

function checkCopy(copy: HeaderFile["copies"][number]): CopyCheck {
  if (copy.kind === "damaged") return { state: "damaged" };
  if (copy.kind === "refused") return { state: "refused", code: copy.error.code };
  const { createdAt, slots } = copy.payload;
  const { memoryKib, passes } = slots.passphrase.kdf;
  return {
    state: "whole",
    generation: copy.generation,
    createdAt,
    passphraseKdf: { memoryKib, passes },
    hasRecoveryCode: slots.recovery !== null,
    questionCount: slots.questions?.count ?? 0,
  };
}

async function findDeviceKey(
  { deviceKeys }: VaultPlatform,
  vaultName: string | null,
): Promise<VaultCheck["deviceKey"]> {
  if (vaultName === null) return "unknown";
  try {
    return (await deviceKeys.open(vaultName)) ? "present" : "absent";
  } catch (error) {
    if (isVaultError(error, "damaged")) return "damaged";
    if (error instanceof VaultError) return "unreachable";
    throw error;
  }
}
