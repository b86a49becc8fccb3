/** Finding what there is of a vault, before any secret is known. */
import { prepareAuthSchema } from "../auth/auth-schema.ts";
import { readAuthEpoch, readMirroredSlots, readSetting } from "../auth/auth-database.ts";
import { type DeviceRecord, textToDeviceRecord } from "../device-record.ts";
import { type HeaderFile, refusalOf } from "../header/header-file.ts";
import type { HeaderPayload, VaultIdentity } from "../header/header-payload.ts";
import { readingsOf } from "../header/header-readings.ts";
import { areSameSlots } from "../header/slots-json.ts";
import type { Database, DeviceKey, VaultPlatform } from "../ports.ts";
import { wipe } from "../secret-bytes.ts";
import { VaultError, isVaultError } from "../vault-error.ts";
import { deriveFromDevice } from "../vault-keys.ts";
import { findVault } from "./presence.ts";
import { type OpenAuth, type VaultState, vaultNameOf } from "./state.ts";

export interface VaultParts {
  readonly file: HeaderFile;
  /** The first of the readings; nothing proves it yet. */
  readonly payload: HeaderPayload;
  /** What the copies of the header say, the newest first, and then `auth.db`: each set of slots once. */
  readonly readings: readonly HeaderPayload[];
  /** Why a copy of the header can't be read, where that isn't damage. */
  readonly refusal: VaultError | null;
  /** Null when this device has no key, or its `auth.db` is gone or doesn't open. */
  readonly auth: OpenAuth | null;
  /** What `auth.db` keeps of the header, or null. */
  readonly kept: HeaderPayload | null;
  /** Null when there is none, or it is damaged. */
  readonly record: DeviceRecord | null;
}

/**
 * Reads the header, opens `auth.db`, and reads the device's record.
 *
 * @throws {VaultError} `no_vault`, `damaged`, `newer_version`, `hostile_parameters`,
 *   `key_store_unreachable`.
 */
export async function readParts(state: VaultState): Promise<VaultParts> {
  const { platform } = state;
  const file = await findVault(platform);
  if (!file) throw new VaultError("no_vault");
  const fromHeader = readingsOf(file);
  const refusal = refusalOf(file);
  // A later version wrote both copies: what `auth.db` still says must not overwrite them.
  if (fromHeader.length === 0 && refusal?.code === "newer_version") throw refusal;
  const identity = fromHeader[0] ?? file.identity;
  if (!identity) throw refusal ?? new VaultError("damaged", { parts: ["header"] });
  const auth = await openAuth(state, identity);
  const text = await platform.deviceKeys.readRecord(vaultNameOf(identity));
  const record = text === null ? null : textToDeviceRecord(text);
  const kept = auth && payloadFromAuth(identity, auth.database);
  const isKnown = fromHeader.some(({ slots }) => kept && areSameSlots(slots, kept.slots));
  const readings = kept && !isKnown ? [...fromHeader, kept] : fromHeader;
  const [payload] = readings;
  if (!payload) throw refusal ?? new VaultError("damaged", { parts: ["header"] });
  return { file, payload, readings, refusal, auth, kept, record };
}

/** The key of `auth.db`. */
export async function openAuthDatabase(
  platform: VaultPlatform,
  identity: VaultIdentity,
  deviceKey: DeviceKey,
): Promise<Database> {
  const key = await deriveFromDevice(deviceKey, "hs/vault/auth/v1", identity.vaultId);
  const database = await platform.files
    .openDatabase("auth", { key, salt: identity.authSalt })
    .finally(() => wipe(key));
  try {
    prepareAuthSchema(database);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

async function openAuth(state: VaultState, identity: VaultIdentity): Promise<OpenAuth | null> {
  const vaultName = vaultNameOf(identity);
  if (state.auth?.vaultName === vaultName && isComplete(state.auth.database)) return state.auth;
  state.auth?.database.close();
  state.auth = null;
  const { files } = state.platform;
  const deviceKey = await findDeviceKey(state.platform, vaultName);
  if (!deviceKey || !(await files.hasDatabase("auth"))) return null;
  try {
    const database = await openAuthDatabase(state.platform, identity, deviceKey);
    if (isComplete(database)) state.auth = { vaultName, deviceKey, database };
    else database.close();
  } catch (error) {
    // The passphrase still opens the vault, and `auth.db` is then made anew, if the person accepts it.
    if (!isVaultError(error, "damaged")) throw error;
  }
  return state.auth;
}

/** Whether it ever came into use: one that was only just made anew has no counter yet. */
function isComplete(database: Database): boolean {
  return readAuthEpoch(database) !== null;
}

/** The device key, or null when there is none or it is damaged: then it opens nothing any more. */
export async function findDeviceKey(
  { deviceKeys }: VaultPlatform,
  vaultName: string,
): Promise<DeviceKey | null> {
  try {
    return await deviceKeys.open(vaultName);
  } catch (error) {
    if (isVaultError(error, "damaged")) return null;
    throw error;
  }
}

/** What it keeps of the header, or null when that isn't whole. */
export function payloadFromAuth(identity: VaultIdentity, database: Database): HeaderPayload | null {
  const slots = readMirroredSlots(database);
  const createdAt = readSetting(database, "created_at");
  const epoch = readAuthEpoch(database);
  if (!slots || createdAt === null || epoch === null) return null;
  const { vaultId, authSalt, vaultSalt } = identity;
  return { vaultId, authSalt, vaultSalt, createdAt, epoch, slots };
}
