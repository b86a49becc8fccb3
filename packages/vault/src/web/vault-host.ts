/**
 * The vault in its worker.
 *
 * It takes hold of the vault when something is asked that needs it, and lets go as soon as the vault
 * is locked again, so that a locked tab keeps nobody out. Locking one tab locks all: whoever locks
 * says so on a channel, and waits until nobody has the vault.
 */
import { checkVault } from "../check.ts";
import { readHeaderFile } from "../header/header-file.ts";
import type { VaultPlatform } from "../ports.ts";
import { createSerialQueue } from "../serial-queue.ts";
import { type Vault, openVault } from "../vault.ts";
import { VaultError } from "../vault-error.ts";
import type { CallHandler } from "./calls/answerer.ts";
import { vaultLockName } from "./platform.ts";
import { type HostCalls, sessionMethods, storeMethodsByName, vaultMethods } from "./vault-calls.ts";

export interface VaultHostOptions {
  readonly platform: Promise<VaultPlatform>;
  readonly locks: LockManager;
  /** Reaches the workers of all other tabs. */
  readonly channel: BroadcastChannel;
  /** Told whenever an open vault was locked, for whatever reason. */
  readonly onLocked: () => void;
}

/** How long a tab may take to lock its vault before we take it for stuck. */
const maxLockWaitMs = 10_000;
const lockMessage = "lock";

/** Answers the calls of `vault-calls.ts`. */
export function createVaultHost({
  platform,
  locks,
  channel,
  onLocked,
}: VaultHostOptions): CallHandler {
  const serially = createSerialQueue();
  let vault: Vault | null = null;
  /** Whether it was open when it was last looked at. */
  let wasOpen = false;

  const letGo = async (): Promise<void> => {
    const held = vault;
    vault = null;
    await held?.close();
    if (wasOpen) onLocked();
    wasOpen = false;
  };
  const settle = async (): Promise<void> => {
    const status = await vault?.status();
    if (status === "unlocked" || status === "recovering") wasOpen = true;
    else await letGo();
  };
  const withVault = async <Result>(work: (vault: Vault) => Promise<Result>): Promise<Result> => {
    // The vault calls back when its last session has ended and it has locked itself.
    vault ??= await openVault(await platform, { onLocked: () => void serially(settle) });
    try {
      return await work(vault);
    } finally {
      await settle();
    }
  };

  channel.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (data === lockMessage) void serially(letGo);
  });

  const host: HostCalls = {
    async ready() {
      await platform;
    },
    async status() {
      if (vault) return vault.status();
      const { held = [] } = await locks.query();
      if (held.some(({ name }) => name === vaultLockName)) return "in_use";
      return (await readHeaderFile(await platform)) ? "locked" : "empty";
    },
    async lock() {
      await letGo();
      channel.postMessage(lockMessage);
      await waitUntilNobodyHas(locks);
    },
    check: async () => checkVault(await platform),
  };
  const records = () => {
    if (!vault) throw new VaultError("vault_locked");
    return vault.records();
  };

  return (port, method, input) =>
    serially(async () => {
      if (port === "host") return callMethod(host, method, input, Object.keys(host));
      if (port === "vault") {
        return withVault((open) => callMethod(open, method, input, vaultMethods));
      }
      if (port === "sessions") {
        if (!vault) throw new VaultError("vault_locked");
        return withVault((open) => callMethod(open.sessions, method, input, sessionMethods));
      }
      if (!isStoreName(port)) throw new TypeError(`there is no port ${port}`);
      return callMethod(records()[port], method, input, storeMethodsByName[port]);
    });
}

function isStoreName(port: string): port is keyof typeof storeMethodsByName {
  return Object.hasOwn(storeMethodsByName, port);
}

/** Calls a method by its name, if it is one of `allowed`. */
async function callMethod(
  target: object,
  method: string,
  input: readonly unknown[],
  allowed: readonly string[],
): Promise<unknown> {
  const found: unknown = allowed.includes(method) ? Reflect.get(target, method) : undefined;
  if (typeof found !== "function") throw new TypeError(`there is no method ${method}`);
  const result: unknown = Reflect.apply(found, target, input);
  return result;
}

/** @throws {VaultError} `vault_in_use` when a tab keeps it. */
async function waitUntilNobodyHas(locks: LockManager): Promise<void> {
  const signal = AbortSignal.timeout(maxLockWaitMs);
  try {
    await locks.request(vaultLockName, { signal }, () => undefined);
  } catch (error) {
    if (error === signal.reason) throw new VaultError("vault_in_use", { cause: error });
    throw error;
  }
}
