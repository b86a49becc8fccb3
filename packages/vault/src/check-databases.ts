/** Looking over the databases without any secret of the person's. */
import { equalBytes } from "@hi-stranger/core/crypto/equal";
import { readAuthEpoch, readMirroredSlots } from "./auth/auth-database.ts";
import { openAuthDatabase } from "./handle/parts.ts";
import type { VaultIdentity } from "./header/header-payload.ts";
import { pageByteLength } from "./page-seals.ts";
import type { Database, DatabaseName, DeviceKey, VaultFiles, VaultPlatform } from "./ports.ts";
import type { Slots } from "./slots/slot.ts";
import { VaultError, isVaultError } from "./vault-error.ts";

/** `unread`: nothing is wrong with it from outside, and more than that can't be seen now. */
export type DatabaseState = "whole" | "unread" | "missing" | "damaged";

export interface AuthFindings {
  readonly state: DatabaseState;
  /** What it keeps of the header's slots; null when it wasn't read. */
  readonly slots: Slots | null;
}

/** What the one who asks holds of the vault. */
export interface HeldVault {
  /** `auth.db`, if it is open. */
  readonly auth: Database | null;
}

const unread: AuthFindings = { state: "unread", slots: null };
const damaged: AuthFindings = { state: "damaged", slots: null };

/** What shows without its key: whether it has whole pages and begins with its salt, if that is known. */
export async function checkFromOutside(
  files: VaultFiles,
  name: DatabaseName,
  salt: Uint8Array | null,
): Promise<DatabaseState> {
  const outside = await files.readOutside(name);
  if (!outside) return "missing";
  const { byteLength, start } = outside;
  if (byteLength === 0 || byteLength % pageByteLength !== 0) return "damaged";
  return salt && !equalBytes(start, salt) ? "damaged" : "unread";
}

/** What the device key shows of `auth.db`, unless somebody else holds the vault. */
export async function checkAuthDatabase(
  platform: VaultPlatform,
  identity: VaultIdentity,
  deviceKey: DeviceKey,
  held: HeldVault | null,
): Promise<AuthFindings> {
  const state = await checkFromOutside(platform.files, "auth", identity.authSalt);
  if (state !== "unread") return { state, slots: null };
  try {
    if (held?.auth) return readAuth(held.auth);
    if (held) return await openAndRead(platform, identity, deviceKey);
    const lock = await platform.files.acquire();
    if (!lock) return unread;
    try {
      return await openAndRead(platform, identity, deviceKey);
    } finally {
      await lock.release();
    }
  } catch (error) {
    if (isVaultError(error, "damaged")) return damaged;
    // Such as a folder that can't be written to, or a file of a later version.
    if (error instanceof VaultError) return unread;
    throw error;
  }
}

async function openAndRead(
  platform: VaultPlatform,
  identity: VaultIdentity,
  deviceKey: DeviceKey,
): Promise<AuthFindings> {
  const database = await openAuthDatabase(platform, identity, deviceKey);
  try {
    return readAuth(database);
  } finally {
    database.close();
  }
}

function readAuth(database: Database): AuthFindings {
  const slots = readMirroredSlots(database);
  return slots && readAuthEpoch(database) !== null ? { state: "whole", slots } : damaged;
}
