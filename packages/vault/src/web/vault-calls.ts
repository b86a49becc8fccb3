/** What a page may ask of its vault worker, as lists that both sides go by. */
import type { BundleSecret } from "../bundle/bundle.ts";
import type { VaultCheck } from "../check.ts";
import type { RecordStores } from "../records/record-stores.ts";
import type { AllCounts } from "../records/write-all.ts";
import type { Vault, VaultSessions, VaultStatus } from "../vault.ts";

/** Operations of a handle that are passed on as they are. */
export const vaultMethods = [
  "setup",
  "unlock",
  "getQuestions",
  "recover",
  "reset",
  "changePassphrase",
  "renewRecoveryCode",
  "setQuestions",
  "lockOut",
] as const satisfies readonly (keyof Vault)[];

export const sessionMethods = [
  "verify",
  "list",
  "end",
] as const satisfies readonly (keyof VaultSessions)[];

const recordMethods = ["get", "scan", "list", "count", "write", "delete"] as const;

/** Operations of the stores in an open vault. */
export const storeMethodsByName = {
  profiles: ["get", "list", "count", "changes", "write", "delete"],
  chats: recordMethods,
  messages: [...recordMethods, "clear"],
  policies: [...recordMethods, "clear"],
  secrets: ["get", "put", "list", "delete"],
} as const satisfies { [Name in keyof RecordStores]: readonly (keyof RecordStores[Name])[] };

export type StoreName = keyof typeof storeMethodsByName;

/** As a page sees it: another tab may have the vault, locked or not. */
export type WebVaultStatus = VaultStatus | "in_use";

/** Operations of the worker itself. */
export interface HostCalls {
  /** Resolves when the worker has loaded what it needs. */
  ready(): Promise<void>;
  status(): Promise<WebVaultStatus>;
  /** Locks the vault in every tab; resolves when no tab holds it. Rejects with `vault_in_use` when one doesn't answer. */
  lock(): Promise<void>;
  check(): Promise<VaultCheck>;
  /** All that is kept, encrypted, as a file to be saved. */
  exportBundle(): Promise<Blob>;
  /** Adds all of a bundle to the open vault, or nothing of it. */
  importBundle(bundle: Blob, secret: BundleSecret): Promise<AllCounts>;
}

export const hostMethods = [
  "ready",
  "status",
  "lock",
  "check",
  "exportBundle",
  "importBundle",
] as const satisfies readonly (keyof HostCalls)[];

/** The part of `Port` that `methods` name. */
export type Remote<Port, Methods extends readonly (keyof Port)[]> = Pick<Port, Methods[number]>;
