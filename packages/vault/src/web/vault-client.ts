/**
 * The vault, as a page uses it: calls to a worker that holds everything secret. The page never sees
 * the vault's keys.
 *
 * Arrays of bytes that are handed in are moved to the worker: they are zeros from then on. Bytes that
 * come back, such as a recovery code, are the page's to wipe. When the vault has been locked, its
 * worker is replaced by a new one as soon as it is idle, so that the memory of the old one is gone.
 */
import type { Vault, VaultSessions } from "../vault.ts";
import type { RecordStores } from "../records/record-stores.ts";
import { VaultError } from "../vault-error.ts";
import { type Caller, type CallWorker, createCaller } from "./calls/caller.ts";
import { createRemote, createRemoteStores } from "./remote-ports.ts";
import { readStorageState, type StorageLike, type StorageState } from "./storage-state.ts";
import {
  type HostCalls,
  hostMethods,
  type Remote,
  sessionMethods,
  vaultMethods,
} from "./vault-calls.ts";

export interface VaultClient extends Remote<Vault, typeof vaultMethods>, Omit<HostCalls, "ready"> {
  readonly sessions: VaultSessions;
  /** What the person keeps. Every call rejects with `vault_locked` while the vault is locked. */
  readonly records: RecordStores;
  /** Whether the browser may evict the vault; `ask` has it promise not to (see `storage-state.ts`). */
  storageState(ask: boolean): Promise<StorageState>;
  /** Ends the worker, which locks the vault. */
  close(): void;
}

export interface VaultClientOptions {
  /** Starts `vault-worker.ts` as a module worker. */
  readonly startWorker: () => CallWorker;
  readonly storage: StorageLike;
  /** Told when an open vault was locked: here, in another tab, or by itself. */
  readonly onLocked?: () => void;
}

export function createVaultClient({
  startWorker,
  storage,
  onLocked,
}: VaultClientOptions): VaultClient {
  const keeper = createWorkerKeeper(startWorker, onLocked);
  const { call } = keeper;
  const host = createRemote<HostCalls, typeof hostMethods>(call, "host", hostMethods);
  const { status, lock, check, exportBundle, importBundle } = host;
  return {
    status,
    lock,
    check,
    exportBundle,
    importBundle,
    ...createRemote<Vault, typeof vaultMethods>(call, "vault", vaultMethods),
    sessions: createRemote<VaultSessions, typeof sessionMethods>(call, "sessions", sessionMethods),
    records: createRemoteStores(call),
    storageState: (ask) => readStorageState(storage, ask),
    close: () => keeper.close(),
  };
}

/** Keeps a worker going, and puts a new one in its place when it has held an open vault. */
function createWorkerKeeper(startWorker: () => CallWorker, onLocked: (() => void) | undefined) {
  const locked = () => new VaultError("vault_locked");
  let isClosed = false;
  let current = start();
  /** Settled when calls may go to `current`. */
  let renewed: Promise<void> = Promise.resolve();

  function start(): Caller {
    const caller = createCaller(startWorker(), () => {
      if (caller === current) renewed = renewed.then(renew);
      onLocked?.();
    });
    return caller;
  }

  async function renew(): Promise<void> {
    const old = current;
    await old.idle();
    if (await holdsVault(old)) return;
    const next = start();
    try {
      await next.call("host", "ready", []);
    } catch {
      // Without a network the script may not come: the old worker, which is locked, goes on.
      next.end(locked());
      return;
    }
    if (isClosed) next.end(locked());
    else current = next;
    old.end(locked());
  }

  return {
    async call(port: string, method: string, input: readonly unknown[]): Promise<unknown> {
      await renewed;
      if (current.hasEnded() && !isClosed) current = start();
      return current.call(port, method, input);
    },
    close(): void {
      isClosed = true;
      current.end(locked());
    },
  };
}

/** Whether a call that was on its way has taken hold of the vault again. */
async function holdsVault(caller: Caller): Promise<boolean> {
  try {
    const status = await caller.call("host", "status", []);
    return status === "unlocked" || status === "recovering";
  } catch {
    // A worker that answers nothing holds nothing that it could still give.
    return false;
  }
}
