/**
 * Opening the vault once its master key is known: the header's MAC, `vault.db`, the counters that
 * show an old copy, and the repair of whatever a crash or damage left behind.
 */
import { type VaultEvent, logEvent, readAuthEpoch } from "../auth/auth-database.ts";
import {
  type Epochs,
  epochPlaces,
  laggingPlaces,
  latestEpoch,
  nextEpoch,
  oldPlaces,
  plausibleEpochs,
} from "../epochs.ts";
import { guardDatabase } from "../guarded-database.ts";
import { type Header, newestAuthentic, writeIdentity } from "../header/header-file.ts";
import type { HeaderPayload } from "../header/header-payload.ts";
import { areSameSlots } from "../header/slots-json.ts";
import type { Notice } from "../notices.ts";
import type { Database, VaultPlatform } from "../ports.ts";
import { wipe } from "../secret-bytes.ts";
import type { Slots } from "../slots/slot.ts";
import { VaultError } from "../vault-error.ts";
import { prepareVaultSchema, readSettledEpoch, readVaultEpoch } from "../vault-database.ts";
import { deriveVaultKey } from "../vault-keys.ts";
import { rebuildAuth } from "./auth-rebuild.ts";
import { forgetClosed, isAsClosed } from "./closing-note.ts";
import { writeEpoch } from "./epoch-writing.ts";
import type { VaultParts } from "./parts.ts";
import { checkedQuestions } from "./questions-state.ts";
import type { Unlocked, VaultState } from "./state.ts";

export interface OpeningInput {
  /** Taken over: it belongs to the opened vault, or is wiped. */
  readonly vmk: Uint8Array<ArrayBuffer>;
  /** The slot that gave it, whichever copy of the header it stands in. */
  readonly proven: Partial<Slots>;
  readonly acceptOldCopy: boolean;
}

/**
 * Opens the vault and puts it into `state`. Nothing is changed when this throws, but for what a
 * crash would explain.
 *
 * @throws {VaultError} `damaged`, `old_copy`, `newer_version`, `disk_full`, `read_only`.
 */
export async function openVaultWith(
  state: VaultState,
  parts: VaultParts,
  { vmk, proven, acceptOldCopy }: OpeningInput,
): Promise<Notice[]> {
  const { platform } = state;
  const { subtle } = platform;
  const { vaultId } = parts.payload;
  const macKey = await deriveVaultKey(subtle, vmk, vaultId, "hs/vault/header-mac/v1");
  let database: Database | null = null;
  try {
    const notices: Notice[] = [];
    const header = await authenticHeader(platform, parts, macKey, notices);
    const isVaultAsClosed = !parts.auth || (await isAsClosed(platform, parts.auth.database));
    database = await openVaultDatabase(platform, header.payload, vmk);
    const epochs = epochsOf(parts, header, database);
    const slots = { ...header.payload.slots, ...proven };
    const old = new Set(oldPlaces(epochs, readSettledEpoch(database)));
    // An old `auth.db` notes how another `vault.db` was closed.
    if (!isVaultAsClosed && !old.has("auth.db")) old.add("vault.db");
    if (!areSameSlots(slots, header.payload.slots)) old.add("header");
    if (old.size > 0 && !acceptOldCopy) throw new VaultError("old_copy", { parts: [...old] });
    const auth = parts.auth ?? (await rebuildAuth(state, header.payload, notices));
    const unlocked: Unlocked = {
      vmk,
      macKey,
      database,
      auth,
      header: withSlots(header, checkedQuestions(auth.database, slots, notices)),
      epoch: latestEpoch(epochs),
      settledEpoch: latestEpoch(epochs),
      sessions: null,
    };
    const isRecordLost = parts.auth !== null && epochs["device record"] === null;
    if (isRecordLost) notices.push("device_record_lost");
    if (old.size > 0) noteEvent(unlocked, platform, "old_copy_accepted", notices);
    await settleEpochs(platform, unlocked, epochs, old.size > 0);
    state.unlocked = unlocked;
    return notices;
  } catch (error) {
    database?.close();
    wipe(vmk, macKey);
    throw error;
  }
}

/** The newest header that someone with the master key wrote, or the one that `auth.db` keeps. */
async function authenticHeader(
  platform: VaultPlatform,
  { file, payload, source }: VaultParts,
  macKey: Uint8Array<ArrayBuffer>,
  notices: Notice[],
): Promise<Header> {
  if (source === "auth.db") {
    notices.push("header_rebuilt");
    return { payload, generation: 0, newestCopy: 1 };
  }
  const authentic = await newestAuthentic(platform.subtle, macKey, file);
  if (!authentic) throw new VaultError("damaged", { parts: ["header"] });
  const { header, isEveryCopyAuthentic } = authentic;
  if (!file.identity) await writeIdentity(platform, header.payload);
  if (!file.identity || !isEveryCopyAuthentic) notices.push("header_repaired");
  return header;
}

function withSlots(header: Header, slots: Slots): Header {
  return { ...header, payload: { ...header.payload, slots } };
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

/** Brings up what a crash left behind, so that the places never drift further apart, and moves on. */
async function settleEpochs(
  platform: VaultPlatform,
  unlocked: Unlocked,
  epochs: Epochs,
  isOldCopy: boolean,
): Promise<void> {
  forgetClosed(unlocked.auth.database);
  if (!isOldCopy) {
    const lagging = laggingPlaces(epochs);
    const epoch = latestEpoch(epochs);
    if (lagging.length > 0) {
      await writeEpoch(platform, unlocked, { epoch, places: lagging, isOpening: true });
    }
  }
  const epoch = nextEpoch(latestEpoch(epochs));
  await writeEpoch(platform, unlocked, { epoch, places: epochPlaces, isOpening: true });
}

function noteEvent(
  { auth }: Unlocked,
  { clock }: VaultPlatform,
  event: VaultEvent & Notice,
  notices: Notice[],
): void {
  logEvent(auth.database, event, clock.now());
  notices.push(event);
}
