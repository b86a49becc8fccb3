/**
 * The device vault: a person's personas, chats and secrets behind a passphrase, with ways back in,
 * and no server.
 *
 * A handle holds the vault for its process or tab alone, from {@link openVault} until `close`. Its
 * operations run one after the other. What they take as secrets is UTF-8 in a `Uint8Array` that the
 * caller wipes; what they give as secrets the caller wipes too.
 *
 * It refuses with a {@link VaultError}; every failure of a secret says the same. Formats, keys and
 * limits: docs/vault.md.
 */
import type { BundleSecret } from "./bundle/bundle.ts";
import { attemptsLeft } from "./auth/attempts.ts";
import { type VaultCheck, checkVault } from "./check.ts";
import {
  type ChangePassphraseInput,
  type SetQuestionsInput,
  changePassphrase,
  renewRecoveryCode,
  setQuestions,
} from "./handle/changing.ts";
import { openLedger } from "./handle/attempt-ledger.ts";
import { importWhileInUse } from "./handle/importing.ts";
import { readParts } from "./handle/parts.ts";
import { findVault } from "./handle/presence.ts";
import {
  type Question,
  type RecoverInput,
  getQuestions,
  recoverVault,
} from "./handle/recovering.ts";
import { type ResetInput, type ResetResult, resetPassphrase } from "./handle/resetting.ts";
import { type SetUpInput, type SetUpResult, setUpVault } from "./handle/set-up.ts";
import { type VaultState, dropGrant, unlockedOf } from "./handle/state.ts";
import { type UnlockInput, type UnlockResult, lockVault, unlockVault } from "./handle/unlocking.ts";
import { createSerialQueue } from "./serial-queue.ts";
import type { Notice } from "./notices.ts";
import type { VaultLock, VaultPlatform } from "./ports.ts";
import { type RecordStores, createRecordStores } from "./records/record-stores.ts";
import type { AllCounts } from "./records/write-all.ts";
import type { SessionRow } from "./sessions/session-rows.ts";
import {
  type SessionMinutes,
  defaultSessionMinutes,
  sessionMinutesChoices,
} from "./sessions/sessions.ts";
import { VaultError } from "./vault-error.ts";

export type VaultStatus = "empty" | "locked" | "recovering" | "unlocked";

/** How many more attempts of each kind are possible now: the last of them costs a wait when it fails. */
export interface LockOut {
  readonly signInAttemptsLeft: number;
  readonly signInRetryAfterSeconds: number;
  readonly recoveryAttemptsLeft: number;
  readonly recoveryRetryAfterSeconds: number;
}

export interface Vault {
  /**
   * Whether there is a vault, and whether it is open. Throws `damaged` where a vault's header is gone.
   */
  status(): Promise<VaultStatus>;
  /** Sets up a vault where there is none, and leaves it unlocked. */
  setup(input: Partial<SetUpInput> & Pick<SetUpInput, "passphrase">): Promise<SetUpResult>;
  unlock(
    input: Omit<UnlockInput, "sessionMinutes"> & { sessionMinutes?: SessionMinutes },
  ): Promise<UnlockResult>;
  /** Ends every session, closes the data and wipes the keys. */
  lock(): Promise<void>;
  /** The person's questions in random order; none when there are none. */
  getQuestions(): Promise<Question[]>;
  /** Grants ten minutes in which `reset` works, and locks the vault, once the secret is right. */
  recover(input: RecoverInput): Promise<{ readonly expiresInSeconds: number }>;
  /** Sets a new passphrase after `recover`, and leaves the vault locked. */
  reset(input: ResetInput): Promise<ResetResult>;
  changePassphrase(input: ChangePassphraseInput): Promise<readonly Notice[]>;
  /** A new recovery code in the place of the old one. */
  renewRecoveryCode(input: { readonly passphrase: Uint8Array }): Promise<{
    readonly recoveryCode: Uint8Array<ArrayBuffer>;
    readonly notices: readonly Notice[];
  }>;
  setQuestions(input: SetQuestionsInput): Promise<readonly Notice[]>;
  readonly sessions: VaultSessions;
  /** How long until the next attempts; asking also keeps what has been waited so far. */
  lockOut(): Promise<LockOut>;
  /** Which files are there and whole; needs no secret. */
  check(): Promise<VaultCheck>;
  /**
   * What the person keeps. Throws `vault_locked`, as each call of a store does once the vault is
   * locked again.
   */
  records(): RecordStores;
  /** All that is kept, encrypted, as bytes of a file. Throws `vault_locked`. */
  exportBundle(): AsyncIterable<Uint8Array>;
  /**
   * Adds all of a bundle to the open vault, or nothing of it. Other operations go on while `bytes` are
   * read; a lock ends it with `vault_locked`.
   */
  importBundle(bytes: AsyncIterable<Uint8Array>, secret: BundleSecret): Promise<AllCounts>;
  /** Locks, and lets another process or tab have the vault. */
  close(): Promise<void>;
}

export interface VaultSessions {
  /** Counts as a use. Throws `session_invalid`, or `vault_locked` when the vault is. */
  verify(token: string): Promise<{ readonly sessionId: number; readonly expiresAt: string }>;
  list(): Promise<SessionRow[]>;
  /** Ends one; the last one's end locks the vault. */
  end(sessionId: number): Promise<void>;
}

export interface OpenVaultOptions {
  /** Told when the vault locks itself, as its last session ended. */
  readonly onLocked?: () => void;
}

/**
 * Takes hold of the vault, or of the place for one.
 *
 * @throws {VaultError} `vault_in_use`, `read_only`.
 */
export async function openVault(
  platform: VaultPlatform,
  options: OpenVaultOptions = {},
): Promise<Vault> {
  const lock = await platform.files.acquire();
  if (!lock) throw new VaultError("vault_in_use");
  return createHandle(platform, lock, options);
}

/**
 * Takes hold of the place and sets a vault up there.
 *
 * @throws {VaultError} what {@link openVault} and {@link Vault.setup} throw.
 */
export async function createVault(
  platform: VaultPlatform,
  input: Parameters<Vault["setup"]>[0],
  options: OpenVaultOptions = {},
): Promise<SetUpResult & { readonly vault: Vault }> {
  const vault = await openVault(platform, options);
  try {
    return { ...(await vault.setup(input)), vault };
  } catch (error) {
    await vault.close();
    throw error;
  }
}

function createHandle(
  platform: VaultPlatform,
  lock: VaultLock,
  { onLocked }: OpenVaultOptions,
): Vault {
  const serially = createSerialQueue();
  let isClosed = false;
  const state: VaultState = {
    platform,
    auth: null,
    unlocked: null,
    grant: null,
    imports: new Set(),
    onAllSessionsEnded: () => {
      void serially(async () => lockUnlessInUse(state)).finally(() => {
        if (!state.unlocked) onLocked?.();
      });
    },
  };
  const run = async <Result>(work: () => Promise<Result>): Promise<Result> =>
    serially(async () => {
      if (isClosed) throw new VaultError("vault_locked");
      return work();
    });

  return {
    status: async () => run(async () => statusOf(state)),
    setup: async (input) =>
      run(async () =>
        setUpVault(state, {
          questions: null,
          withRecoveryCode: true,
          ...input,
          sessionMinutes: checkedMinutes(input.sessionMinutes),
        }),
      ),
    unlock: async (input) =>
      run(async () =>
        unlockVault(state, { ...input, sessionMinutes: checkedMinutes(input.sessionMinutes) }),
      ),
    lock: async () => run(async () => lockVault(state)),
    getQuestions: async () => run(async () => getQuestions(state)),
    recover: async (input) => run(async () => recoverVault(state, input)),
    reset: async (input) => run(async () => resetPassphrase(state, input)),
    changePassphrase: async (input) => run(async () => changePassphrase(state, input)),
    renewRecoveryCode: async ({ passphrase }) =>
      run(async () => renewRecoveryCode(state, passphrase)),
    setQuestions: async (input) => run(async () => setQuestions(state, input)),
    sessions: handleSessions(state, run),
    lockOut: async () => run(async () => readLockOut(state)),
    check: async () =>
      serially(async () =>
        checkVault(platform, isClosed ? null : { auth: state.auth?.database ?? null }),
      ),
    records: () => createRecordStores(unlockedOf(state).database),
    exportBundle: () => exportLazily(state),
    importBundle: async (bytes, secret) => importWhileInUse(state, run, bytes, secret),
    close: async () =>
      serially(async () => {
        if (isClosed) return;
        isClosed = true;
        try {
          await lockVault(state);
        } finally {
          state.auth?.database.close();
          state.auth = null;
          await lock.release();
        }
      }),
  };
}

/** Locks the vault as its last session ended, unless an unlocking that came before has begun another. */
async function lockUnlessInUse(state: VaultState): Promise<void> {
  if (!state.unlocked?.sessions?.areAnyLeft()) await lockVault(state);
}

function handleSessions(
  state: VaultState,
  run: <Result>(work: () => Promise<Result>) => Promise<Result>,
): VaultSessions {
  const sessions = () => {
    const { sessions } = unlockedOf(state);
    if (!sessions) throw new VaultError("vault_locked");
    return sessions;
  };
  return {
    verify: async (token) => run(async () => sessions().verify(token)),
    list: async () => run(async () => sessions().list()),
    end: async (sessionId) => run(async () => sessions().end(sessionId)),
  };
}

/** Bundles bring every schema along, which would double the time a process takes to start. */
const loadBundles = async () => import("./bundle/bundle.ts");

async function* exportLazily(state: VaultState): AsyncGenerator<Uint8Array, void> {
  yield* (await loadBundles()).exportBundle(state);
}

async function statusOf(state: VaultState): Promise<VaultStatus> {
  if (state.unlocked) return "unlocked";
  if (state.grant && state.platform.monotonicClock.nowMs() >= state.grant.expiresAtMs) {
    dropGrant(state);
  }
  if (state.grant) return "recovering";
  return (await findVault(state.platform)) ? "locked" : "empty";
}

async function readLockOut(state: VaultState): Promise<LockOut> {
  const ledger = openLedger(state.platform, await readParts(state));
  const { sign_in: signIn, recovery } = ledger.current;
  if (signIn.waitMs > 0 || recovery.waitMs > 0) await ledger.saveCredit();
  return {
    signInAttemptsLeft: attemptsLeft("sign_in", signIn),
    signInRetryAfterSeconds: Math.ceil(signIn.waitMs / 1000),
    recoveryAttemptsLeft: attemptsLeft("recovery", recovery),
    recoveryRetryAfterSeconds: Math.ceil(recovery.waitMs / 1000),
  };
}

function checkedMinutes(minutes: SessionMinutes = defaultSessionMinutes): SessionMinutes {
  if (!sessionMinutesChoices.includes(minutes)) throw new VaultError("invalid_choice");
  return minutes;
}
