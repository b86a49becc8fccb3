/**
 * Looking at a vault once its master key is known, before anything is changed: the header's MAC,
 * `vault.db`, and the counters that show an old copy.
 */
import { readAuthEpoch } from "../auth/auth-database.ts";
import { type Epochs, oldPlaces, plausibleEpochs } from "../epochs.ts";
import { guardDatabase } from "../guarded-database.ts";
import { type Header, newestAuthentic } from "../header/header-file.ts";
import type { HeaderPayload } from "../header/header-payload.ts";
import { areSameSlots } from "../header/slots-json.ts";
import type { Database, VaultPlatform } from "../ports.ts";
import { wipe } from "../secret-bytes.ts";
import type { Slots } from "../slots/slot.ts";
import { VaultError } from "../vault-error.ts";
import { prepareVaultSchema, readSettledEpoch, readVaultEpoch } from "../vault-database.ts";
import { deriveVaultKey } from "../vault-keys.ts";
import { isAsClosed } from "./closing-note.ts";
import type { VaultParts } from "./parts.ts";

/** The master key, and the slot that gave it, whichever copy of the header that stands in. */
interface ProvenKey {
  /** Stays the caller's. */
  readonly vmk: Uint8Array<ArrayBuffer>;
  readonly proven: Partial<Slots>;
}

/**
 * Finds out, without changing anything, whether the vault would open: before a person is asked for
 * a new passphrase that couldn't be set.
 *
 * @throws {VaultError} `damaged`, `old_copy`, `newer_version`.
 */
export async function requireOpenable(
  platform: VaultPlatform,
  parts: VaultParts,
  { vmk, proven, acceptOldCopy }: ProvenKey & { readonly acceptOldCopy: boolean },
): Promise<void> {
  const macKey = await deriveMacKey(platform, parts, vmk);
  try {
    const { database, old } = await examine(platform, parts, { vmk, macKey, proven });
    database.close();
    if (old.length > 0 && !acceptOldCopy) throw new VaultError("old_copy", { parts: old });
  } finally {
    wipe(macKey);
  }
}

/** What there is, once the master key is known. */
export interface Findings {
  readonly header: Header;
  /** Where that is from: `auth.db` when neither copy of the header is authentic. */
  readonly source: "header" | "auth.db";
  readonly isEveryCopyAuthentic: boolean;
  /** The header's, and the proven one in its place. */
  readonly slots: Slots;
  /** `vault.db`, open. */
  readonly database: Database;
  readonly epochs: Epochs;
  /** The parts that are older than the others. */
  readonly old: readonly string[];
}

/**
 * Looks at it all, and changes nothing. Whoever asked closes the database.
 *
 * @throws {VaultError} `damaged`, `newer_version`.
 */
export async function examine(
  platform: VaultPlatform,
  parts: VaultParts,
  { vmk, macKey, proven }: ProvenKey & { readonly macKey: Uint8Array<ArrayBuffer> },
): Promise<Findings> {
  const found = await authenticHeader(platform, parts, macKey);
  const { header } = found;
  const isVaultAsClosed = await isAsClosed(platform, parts.record);
  const database = await openVaultDatabase(platform, header.payload, vmk);
  try {
    const epochs = epochsOf(parts, header, database);
    const slots = { ...header.payload.slots, ...proven };
    const old = new Set<string>(oldPlaces(epochs, readSettledEpoch(database)));
    // A record that is old itself, or made up, notes how another `vault.db` was closed.
    const isRecordRight = epochs["device record"] !== null && !old.has("device record");
    if (!isVaultAsClosed && isRecordRight) old.add("vault.db");
    if (!areSameSlots(slots, header.payload.slots)) old.add("header");
    return { ...found, slots, database, epochs, old: [...old] };
  } catch (error) {
    database.close();
    throw error;
  }
}

export async function deriveMacKey(
  { subtle }: VaultPlatform,
  { payload }: VaultParts,
  vmk: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  return deriveVaultKey(subtle, vmk, payload.vaultId, "hs/vault/header-mac/v1");
}

/** The newest header that someone with the master key wrote, or the one that `auth.db` keeps. */
async function authenticHeader(
  { subtle }: VaultPlatform,
  { file, kept }: VaultParts,
  macKey: Uint8Array<ArrayBuffer>,
): Promise<Pick<Findings, "header" | "source" | "isEveryCopyAuthentic">> {
  const authentic = await newestAuthentic(subtle, macKey, file);
  if (authentic) return { ...authentic, source: "header" };
  // `auth.db` is authentic by the device key.
  if (!kept) throw new VaultError("damaged", { parts: ["header"] });
  const header: Header = { payload: kept, generation: 0, newestCopy: 1 };
  return { header, source: "auth.db", isEveryCopyAuthentic: false };
}

async function openVaultDatabase(
  { subtle, files }: VaultPlatform,
  { vaultId, vaultSalt }: HeaderPayload,
  vmk: Uint8Array<ArrayBuffer>,
): Promise<Database> {
  if (!(await files.hasDatabase("vault"))) throw new VaultError("damaged", { parts: ["vault.db"] });
  const key = await deriveVaultKey(subtle, vmk, vaultId, "hs/vault/page/v1");
  const database = await files
    .openDatabase("vault", { key, salt: vaultSalt })
    .finally(() => wipe(key));
  try {
    prepareVaultSchema(database);
    return guardDatabase(database);
  } catch (error) {
    database.close();
    throw error;
  }
}

function epochsOf({ auth, record }: VaultParts, header: Header, database: Database): Epochs {
  return plausibleEpochs({
    "vault.db": readVaultEpoch(database),
    header: header.payload.epoch,
    "auth.db": auth && readAuthEpoch(auth.database),
    "device record": record?.epoch ?? null,
  });
}
