/**
 * Looking over a vault without any secret: which of its files are there, and which are whole. It mends
 * nothing, and it is where damage and a wrong secret are told apart.
 *
 * `auth.db` is read where this device has its key and nobody else holds the vault. `vault.db`, whose
 * every page is encrypted and authenticated, shows no more than its length and its salt; unlocking
 * looks into it.
 */
import {
  type AuthFindings,
  type DatabaseState,
  type HeldVault,
  checkAuthDatabase,
  checkFromOutside,
} from "./check-databases.ts";
import { type HeaderCheck, checkHeader } from "./check-header.ts";
import { vaultNameOf } from "./handle/state.ts";
import { readHeaderFile } from "./header/header-file.ts";
import { knownIdentity } from "./header/header-readings.ts";
import type { DeviceKey, DeviceKeyStore, VaultPlatform } from "./ports.ts";
import { VaultError, isVaultError } from "./vault-error.ts";

export type { CopyCheck, HeaderCheck } from "./check-header.ts";

export interface VaultCheck {
  /** Null when there is no vault. */
  readonly header: HeaderCheck | null;
  readonly authDatabase: DatabaseState;
  /** Never `whole`: nothing tells that from outside. */
  readonly vaultDatabase: DatabaseState;
  readonly keyStore: DeviceKeyStore["backend"];
  readonly deviceKey: "present" | "absent" | "damaged" | "unreachable" | "unknown";
  /** Whether everything is there, and whole as far as could be looked. */
  readonly isWhole: boolean;
}

/** Looks the vault over; `held` when whoever asks holds it. */
export async function checkVault(
  platform: VaultPlatform,
  held: HeldVault | null = null,
): Promise<VaultCheck> {
  const { files, deviceKeys } = platform;
  const file = await readHeaderFile(platform);
  const identity = file && knownIdentity(file);
  const device = await findDeviceKey(deviceKeys, identity && vaultNameOf(identity));
  const auth: AuthFindings =
    identity && device.key
      ? await checkAuthDatabase(platform, identity, device.key, held)
      : { state: await checkFromOutside(files, "auth", identity?.authSalt ?? null), slots: null };
  const vaultDatabase = await checkFromOutside(files, "vault", identity?.vaultSalt ?? null);
  const header = file && checkHeader(file, auth.slots);
  const isHeaderWhole =
    header !== null &&
    header.isIdentityWhole &&
    header.isConsistent &&
    header.copies.every(({ state }) => state === "whole");
  const areDatabasesWhole = [auth.state, vaultDatabase].every(
    (state) => state === "whole" || state === "unread",
  );
  return {
    header,
    authDatabase: auth.state,
    vaultDatabase,
    keyStore: deviceKeys.backend,
    deviceKey: device.state,
    isWhole: isHeaderWhole && areDatabasesWhole && device.state === "present",
  };
}

interface DeviceFindings {
  readonly state: VaultCheck["deviceKey"];
  readonly key: DeviceKey | null;
}

async function findDeviceKey(
  deviceKeys: DeviceKeyStore,
  vaultName: string | null,
): Promise<DeviceFindings> {
  if (vaultName === null) return { state: "unknown", key: null };
  try {
    const key = await deviceKeys.open(vaultName);
    return { state: key ? "present" : "absent", key };
  } catch (error) {
    if (isVaultError(error, "damaged")) return { state: "damaged", key: null };
    if (error instanceof VaultError) return { state: "unreachable", key: null };
    throw error;
  }
}
