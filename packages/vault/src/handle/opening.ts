/**
 * Opening the vault once its master key is known and what there is was looked at: the repair of
 * whatever a crash or damage left behind, and the counter that moves on.
 */
import { type VaultEvent, logEvent } from "../auth/auth-database.ts";
import { type Epochs, epochPlaces, laggingPlaces, latestEpoch, nextEpoch } from "../epochs.ts";
import { type Header, writeIdentity } from "../header/header-file.ts";
import type { Notice } from "../notices.ts";
import type { Database, VaultPlatform } from "../ports.ts";
import { wipe } from "../secret-bytes.ts";
import type { Slots } from "../slots/slot.ts";
import { VaultError } from "../vault-error.ts";
import { rebuildAuth } from "./auth-rebuild.ts";
import { forgetClosed } from "./closing-note.ts";
import { writeEpoch } from "./epoch-writing.ts";
import { type Findings, deriveMacKey, examine } from "./examining.ts";
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
  const macKey = await deriveMacKey(platform, parts, vmk);
  let database: Database | null = null;
  try {
    const notices: Notice[] = [];
    const findings = await examine(platform, parts, { vmk, macKey, proven });
    ({ database } = findings);
    const { header, slots, epochs, old } = findings;
    if (old.length > 0 && !acceptOldCopy) throw new VaultError("old_copy", { parts: old });
    await mendIdentity(platform, parts, findings, notices);
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
    if (findings.source === "auth.db") noteEvent(unlocked, platform, "header_rebuilt", notices);
    if (old.length > 0) noteEvent(unlocked, platform, "old_copy_accepted", notices);
    await forgetClosed(platform, header.payload, parts.record);
    await settleEpochs(platform, unlocked, epochs, old.length > 0);
    state.unlocked = unlocked;
    return notices;
  } catch (error) {
    database?.close();
    wipe(vmk, macKey);
    throw error;
  }
}

/** Says what is to be mended of the header. Its copies are written at each opening in any case. */
async function mendIdentity(
  platform: VaultPlatform,
  { file }: VaultParts,
  { header, source, isEveryCopyAuthentic }: Findings,
  notices: Notice[],
): Promise<void> {
  if (!file.identity) await writeIdentity(platform, header.payload);
  if (source === "auth.db") return;
  if (!file.identity || !isEveryCopyAuthentic) notices.push("header_repaired");
}

function withSlots(header: Header, slots: Slots): Header {
  return { ...header, payload: { ...header.payload, slots } };
}

/** Brings up what a crash left behind, so that the places never drift further apart, and moves on. */
async function settleEpochs(
  platform: VaultPlatform,
  unlocked: Unlocked,
  epochs: Epochs,
  isOldCopy: boolean,
): Promise<void> {
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
