/**
 * Setting a vault up. Its header is written last, and a mark stands until a session does: a set-up that
 * was cut short leaves the mark and no header, so nothing that counts as a vault, and the next set-up removes
 * what it left. Databases without a header and a mark are somebody's, and stay (see `presence.ts`).
 */
import { toInstant } from "@hi-stranger/core/clock";
import {
  listPredefinedQuestions,
  logEvent,
  mirrorHeader,
  writePassphraseHash,
  writeSetting,
} from "../auth/auth-database.ts";
import { createHeaderFile } from "../header/header-file.ts";
import type { HeaderPayload, VaultIdentity } from "../header/header-payload.ts";
import { checkPassphrase } from "../passphrase/passphrase-rules.ts";
import type { Database, VaultPlatform } from "../ports.ts";
import { type QuestionChoice, checkQuestions } from "../questions.ts";
import { randomBytes, wipe } from "../secret-bytes.ts";
import type { SessionMinutes, StartedSession } from "../sessions/sessions.ts";
import { saltByteLength } from "../slots/argon2-parameters.ts";
import { calibratePassphraseCost } from "../slots/calibration.ts";
import { sealPassphraseSlot } from "../slots/passphrase-slot.ts";
import { sealRecoverySlot } from "../slots/recovery-slot.ts";
import { prepareVaultSchema, writeVaultEpoch } from "../vault-database.ts";
import { VaultError } from "../vault-error.ts";
import { deriveVaultKey, keyByteLength, vaultIdByteLength } from "../vault-keys.ts";
import { keptAttempts, writeRecord } from "./attempt-ledger.ts";
import { keepQuestions } from "./changing.ts";
import { openAuthDatabase } from "./parts.ts";
import { findVault } from "./presence.ts";
import { type OpenAuth, type VaultState, slotContext, unlockedOf, vaultNameOf } from "./state.ts";
import { guardDatabase } from "../guarded-database.ts";
import { startSession } from "./unlocking.ts";

export interface SetUpInput {
  /** UTF-8 as typed; the caller wipes it. */
  readonly passphrase: Uint8Array;
  /** Null for no questions. */
  readonly questions: QuestionChoice | null;
  readonly withRecoveryCode: boolean;
  readonly sessionMinutes: SessionMinutes;
}

export interface SetUpResult extends StartedSession {
  /** Shown once; the caller wipes it. Null when none was wanted. */
  readonly recoveryCode: Uint8Array<ArrayBuffer> | null;
}

const firstEpoch = 1;

/**
 * Sets the vault up and leaves it unlocked.
 *
 * @throws {VaultError} `vault_exists`, `damaged`, `weak_passphrase`, `invalid_questions`,
 *   `key_store_unreachable`, `disk_full`, `read_only`; then nothing is left behind.
 */
export async function setUpVault(state: VaultState, input: SetUpInput): Promise<SetUpResult> {
  const { platform } = state;
  if (await findVault(platform)) throw new VaultError("vault_exists");
  checkPassphrase(input.passphrase);
  state.auth?.database.close();
  state.auth = null;
  await beginSetUp(platform);
  const identity = newIdentity(platform);
  const vmk = randomBytes(platform.fillRandom, keyByteLength);
  const macKey = await deriveVaultKey(
    platform.subtle,
    vmk,
    identity.vaultId,
    "hs/vault/header-mac/v1",
  );
  let database: Database | null = null;
  try {
    const auth = await createAuth(state, identity);
    database = await createVaultDatabase(platform, identity, vmk);
    const made = await makeHeader(platform, { input, identity, vmk, auth });
    const header = await createHeaderFile(platform, macKey, made.payload);
    state.unlocked = {
      vmk,
      macKey,
      database,
      auth,
      header,
      epoch: firstEpoch,
      settledEpoch: firstEpoch,
      sessions: null,
    };
    const session = await startSession(state, unlockedOf(state), input.sessionMinutes);
    // Last of all: until then, what is there is still a set-up's, and the next one may remove it.
    await platform.files.removeSetUpMark();
    return { ...session, recoveryCode: made.recoveryCode };
  } catch (error) {
    database?.close();
    wipe(vmk, macKey);
    await abandon(state, identity);
    throw error;
  }
}

function newIdentity({ fillRandom }: VaultPlatform): VaultIdentity {
  return {
    vaultId: randomBytes(fillRandom, vaultIdByteLength),
    authSalt: randomBytes(fillRandom, saltByteLength),
    vaultSalt: randomBytes(fillRandom, saltByteLength),
  };
}

async function createAuth(state: VaultState, identity: VaultIdentity): Promise<OpenAuth> {
  const vaultName = vaultNameOf(identity);
  const deviceKey = await state.platform.deviceKeys.create(vaultName);
  const database = await openAuthDatabase(state.platform, identity, deviceKey);
  state.auth = { vaultName, deviceKey, database };
  return state.auth;
}

async function createVaultDatabase(
  { subtle, files }: VaultPlatform,
  { vaultId, vaultSalt }: VaultIdentity,
  vmk: Uint8Array<ArrayBuffer>,
): Promise<Database> {
  const key = await deriveVaultKey(subtle, vmk, vaultId, "hs/vault/page/v1");
  const opened = await files
    .openDatabase("vault", { key, salt: vaultSalt })
    .finally(() => wipe(key));
  const database = guardDatabase(opened);
  try {
    prepareVaultSchema(database);
    database.transaction(() => writeVaultEpoch(database, firstEpoch));
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

interface HeaderInput {
  readonly input: SetUpInput;
  readonly identity: VaultIdentity;
  readonly vmk: Uint8Array<ArrayBuffer>;
  readonly auth: OpenAuth;
}

/** Everything the header says, and what `auth.db` and the device's record hold along with it. */
async function makeHeader(
  platform: VaultPlatform,
  { input, identity, vmk, auth }: HeaderInput,
): Promise<{ payload: HeaderPayload; recoveryCode: Uint8Array<ArrayBuffer> | null }> {
  const { database } = auth;
  const catalogue = listPredefinedQuestions(database);
  const choice = input.questions && checkQuestions(input.questions, catalogue);
  const nowMs = platform.clock.now();
  const at = toInstant(nowMs);
  const context = slotContext(platform, identity);
  const cost = await calibratePassphraseCost(platform);
  const sealed = await sealPassphraseSlot(context, { passphrase: input.passphrase, vmk, cost });
  const { salt } = sealed.slot.kdf;
  database.transaction(() => writePassphraseHash(database, { phc: sealed.phc, salt, at }));
  const recovery = input.withRecoveryCode ? await sealRecoverySlot(context, vmk) : null;
  const questions =
    choice && (await keepQuestions(platform, { auth, identity }, { ...choice, vmk }));
  const slots = { passphrase: sealed.slot, recovery: recovery?.slot ?? null, questions };
  const payload = { ...identity, createdAt: at, epoch: firstEpoch, slots };
  database.transaction(() => {
    writeSetting(database, "epoch", String(firstEpoch));
    mirrorHeader(database, payload, at);
    logEvent(database, "created", nowMs);
  });
  const attempts = keptAttempts(platform.monotonicClock, database);
  await writeRecord(platform, identity, { epoch: firstEpoch, vaultSeals: null, attempts });
  return { payload, recoveryCode: recovery?.code ?? null };
}

/** From the mark on, what is there is a set-up's. */
async function beginSetUp(platform: VaultPlatform): Promise<void> {
  await platform.files.writeSetUpMark();
  await platform.files.removeHeader();
  await removeLeftovers(platform);
}

async function removeLeftovers({ files }: VaultPlatform): Promise<void> {
  for (const name of ["auth", "vault"] as const) {
    // Also an empty file, which is no database yet.
    if (await files.readOutside(name)) await files.removeDatabase(name);
  }
}

/** Takes back what a set-up that failed has made so far. */
async function abandon(state: VaultState, identity: VaultIdentity): Promise<void> {
  const { files, deviceKeys } = state.platform;
  const { auth, unlocked } = state;
  state.auth = null;
  state.unlocked = null;
  try {
    unlocked?.sessions?.close();
  } catch {
    // Their rows go with the database; what matters is that their timers are off.
  }
  auth?.database.close();
  try {
    // Databases without a header and a mark would be somebody's, and nothing would remove them.
    if (!(await files.hasSetUpMark())) await files.writeSetUpMark();
    await files.removeHeader();
    await removeLeftovers(state.platform);
    await files.removeSetUpMark();
    await deviceKeys.remove(vaultNameOf(identity));
  } catch {
    // What made the set-up fail may hinder this too. The next set-up removes it, and the first
    // failure is the one to tell.
  }
}
