/**
 * The vault in its worker: what each call comes to.
 *
 * Locking one tab locks all: whoever locks says so on a channel, and waits until nobody has the vault.
 */
import { checkVault } from "../check.ts";
import { findVault } from "../handle/presence.ts";
import type { VaultPlatform } from "../ports.ts";
import { type SerialQueue, createSerialQueue } from "../serial-queue.ts";
import { VaultError } from "../vault-error.ts";
import type { CallHandler } from "./calls/answerer.ts";
import { vaultLockName } from "./platform.ts";
import { createVaultHolder, type VaultHolder } from "./vault-holder.ts";
import {
  type HostCalls,
  hostMethods,
  sessionMethods,
  storeMethodsByName,
  vaultMethods,
} from "./vault-calls.ts";

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
/** Calls that may take long, and that a lock ends: it doesn't wait for them. */
const unqueuedMethods: readonly string[] = ["exportBundle", "importBundle"];
const pieceBytes = 1024 * 1024;

/** Answers the calls of `vault-calls.ts`. */
export function createVaultHost(options: VaultHostOptions): CallHandler {
  const { platform, channel, onLocked } = options;
  const serially = createSerialQueue();
  const holder = createVaultHolder({ platform, serially, onLocked });
  const host = createHostCalls(options, holder, serially);
  channel.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (data === lockMessage) void serially(() => holder.letGo());
  });

  return (port, method, input) => {
    if (port === "host" && unqueuedMethods.includes(method)) {
      return callMethod(host, method, input, hostMethods);
    }
    return serially(async () => {
      if (port === "host") return callMethod(host, method, input, hostMethods);
      if (port === "vault") {
        return holder.use((vault) => callMethod(vault, method, input, vaultMethods));
      }
      const vault = holder.held();
      if (port === "sessions") {
        return holder.use(() => callMethod(vault.sessions, method, input, sessionMethods));
      }
      if (!isStoreName(port)) throw new TypeError(`there is no port ${port}`);
      return callMethod(vault.records()[port], method, input, storeMethodsByName[port]);
    });
  };
}

function createHostCalls(
  { platform, locks, channel }: VaultHostOptions,
  holder: VaultHolder,
  serially: SerialQueue,
): HostCalls {
  const held = async () => serially(async () => holder.held());
  return {
    async ready() {
      await platform;
    },
    async status() {
      const vault = holder.current();
      if (vault) return vault.status();
      const { held = [] } = await locks.query();
      if (held.some(({ name }) => name === vaultLockName)) return "in_use";
      return (await findVault(await platform)) ? "locked" : "empty";
    },
    async lock() {
      await holder.letGo();
      channel.postMessage(lockMessage);
      await waitUntilNobodyHas(locks);
    },
    check: async () => holder.current()?.check() ?? checkVault(await platform),
    async exportBundle() {
      const pieces: BlobPart[] = [];
      // Its pieces are the exporter's own, and encrypted.
      for await (const piece of (await held()).exportBundle()) pieces.push(new Uint8Array(piece));
      return new Blob(pieces);
    },
    importBundle: async (bundle, secret) => (await held()).importBundle(piecesOf(bundle), secret),
  };
}

/** A file piece by piece; not every browser's streams can be iterated. */
async function* piecesOf(file: Blob): AsyncGenerator<Uint8Array, void> {
  for (let offset = 0; offset < file.size; offset += pieceBytes) {
    yield new Uint8Array(await file.slice(offset, offset + pieceBytes).arrayBuffer());
  }
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
