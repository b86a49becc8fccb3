/** Unlocking with the passphrase, and locking. */
import { toInstant } from "@hi-stranger/core/clock";
import { readPassphraseHash, writePassphraseHash } from "../auth/auth-database.ts";
import type { HeaderPayload } from "../header/header-payload.ts";
import type { Notice } from "../notices.ts";
import type { VaultPlatform } from "../ports.ts";
import { wipe } from "../secret-bytes.ts";
import { type SessionMinutes, type StartedSession, openSessions } from "../sessions/sessions.ts";
import { openPassphraseSlot } from "../slots/passphrase-slot.ts";
import type { Slots } from "../slots/slot.ts";
import { type AttemptLedger, keptAttempts, openLedger } from "./attempt-ledger.ts";
import { requireReadableAuth } from "./auth-rebuild.ts";
import { noteClosed } from "./closing-note.ts";
import { advanceEpoch } from "./epoch-writing.ts";
import { openVaultWith } from "./opening.ts";
import { readParts } from "./parts.ts";
import { type Unlocked, type VaultState, dropGrant, slotContext } from "./state.ts";
import { tryCopies } from "./trying.ts";

export interface UnlockInput {
  /** UTF-8 as typed; the caller wipes it. */
  readonly passphrase: Uint8Array;
  readonly acceptOldCopy?: boolean;
  /** Makes an `auth.db` anew that is gone or that no key of this device opens; what only it held is lost. */
  readonly acceptNewAuth?: boolean;
  readonly sessionMinutes: SessionMinutes;
}

export interface UnlockResult extends StartedSession {
  readonly notices: readonly Notice[];
}

/**
 * Opens the vault, or, when it is open, another session.
 *
 * @throws {VaultError} `no_vault`, `unlock_failed`, `locked_out`, `old_copy`, `auth_unreadable`,
 *   `damaged`, `newer_version`, `hostile_parameters`, `key_store_unreachable`, `disk_full`, `read_only`.
 */
export async function unlockVault(
  state: VaultState,
  { passphrase, acceptOldCopy = false, acceptNewAuth = false, sessionMinutes }: UnlockInput,
): Promise<UnlockResult> {
  const { platform } = state;
  if (state.unlocked) {
    wipe((await provePassphrase(platform, state.unlocked, passphrase)).vmk);
    return { ...(await startSession(state, state.unlocked, sessionMinutes)), notices: [] };
  }
  dropGrant(state);
  const parts = await readParts(state);
  requireReadableAuth(parts, acceptNewAuth);
  const ledger = openLedger(platform, parts);
  const { vmk, phc, proven } = await attemptSignIn(ledger, async () =>
    tryCopies(platform, parts, async (payload) => tryPassphrase(platform, payload, passphrase)),
  );
  const input = { vmk, proven, acceptOldCopy };
  const notices = await openVaultWith(state, parts, input).catch(async (error: unknown) => {
    // The passphrase was right all the same. Opening the vault would have forgotten the failures.
    // As things stand now: it may have begun to change what the record says.
    await openLedger(platform, await readParts(state)).succeeded();
    throw error;
  });
  const unlocked = state.unlocked as Unlocked | null;
  if (!unlocked) throw new Error("the vault is not open");
  try {
    // A set-up that was cut short right after its last write.
    if (await platform.files.hasSetUpMark()) await platform.files.removeSetUpMark();
    repairUser(platform, unlocked, phc);
    return { ...(await startSession(state, unlocked, sessionMinutes)), notices };
  } catch (error) {
    // Without a session nothing would ever lock it again.
    await lockVault(state);
    throw error;
  }
}

/**
 * The master key, which the caller wipes, once more from the passphrase while the vault is open:
 * before its secrets are changed.
 *
 * @throws {VaultError} `unlock_failed`, `locked_out`.
 */
export async function provePassphrase(
  platform: VaultPlatform,
  { auth, header, settledEpoch }: Unlocked,
  passphrase: Uint8Array,
): Promise<{ vmk: Uint8Array<ArrayBuffer>; phc: string }> {
  const { payload } = header;
  // As it was last written: since then, attempts were counted in both places alike.
  const attempts = keptAttempts(platform.monotonicClock, auth.database);
  const input = { auth, record: { epoch: settledEpoch, vaultSeals: null, attempts }, payload };
  const ledger = openLedger(platform, input);
  const proof = await attemptSignIn(ledger, async () =>
    tryPassphrase(platform, payload, passphrase),
  );
  await ledger.succeeded();
  return proof;
}

/** Ends all sessions, closes `vault.db` and wipes every key. Does nothing when it is locked. */
export async function lockVault(state: VaultState): Promise<void> {
  const { platform, unlocked } = state;
  dropGrant(state);
  for (const reading of state.imports) reading.abort();
  if (!unlocked) return;
  state.unlocked = null;
  let isSettled = false;
  try {
    unlocked.sessions?.close();
    await advanceEpoch(platform, unlocked);
    isSettled = true;
  } catch {
    // A full disk must not keep the vault open. What is left undone is what a crash leaves, and the
    // next unlocking brings it up to date.
  } finally {
    // First of all, as closing may fail.
    wipe(unlocked.vmk, unlocked.macKey);
    unlocked.database.close();
    platform.collectGarbage?.();
  }
  if (!isSettled) return;
  // Without the note, the next opening has less to compare, as after a crash.
  await noteClosed(platform, unlocked).catch(() => undefined);
}

export async function startSession(
  state: VaultState,
  unlocked: Unlocked,
  minutes: SessionMinutes,
): Promise<StartedSession> {
  unlocked.sessions ??= await openSessions({
    platform: state.platform,
    database: unlocked.auth.database,
    audience: unlocked.auth.vaultName,
    onAllEnded: state.onAllSessionsEnded,
  });
  return unlocked.sessions.start(minutes);
}

interface OpenedByPassphrase {
  readonly vmk: Uint8Array<ArrayBuffer>;
  readonly phc: string;
  readonly proven: Pick<Slots, "passphrase">;
}

async function attemptSignIn(
  ledger: AttemptLedger,
  attempt: () => Promise<OpenedByPassphrase | null>,
): Promise<OpenedByPassphrase> {
  await ledger.begin("sign_in");
  const opened = await attempt();
  if (!opened) throw ledger.failed("sign_in");
  return opened;
}

async function tryPassphrase(
  platform: VaultPlatform,
  payload: HeaderPayload,
  passphrase: Uint8Array,
): Promise<OpenedByPassphrase | null> {
  const slot = payload.slots.passphrase;
  const opened = await openPassphraseSlot(slotContext(platform, payload), slot, passphrase);
  return opened && { ...opened, proven: { passphrase: slot } };
}

/** The header's slot is what counts; a crash may have left the user's row behind it. */
function repairUser({ clock }: VaultPlatform, { auth, header }: Unlocked, phc: string): void {
  const { database } = auth;
  if (readPassphraseHash(database) === phc) return;
  const { salt } = header.payload.slots.passphrase.kdf;
  writePassphraseHash(database, { phc, salt, at: toInstant(clock.now()) });
}
