/** A page that has a vault and nothing else; the tests work it through `globalThis.vault`. */
import {
  createVaultClient,
  type VaultClient,
  type VaultClientOptions,
} from "@hi-stranger/vault/web/vault-client";
import { VaultError } from "@hi-stranger/vault/vault-error";
import { vaultWorkerUrl } from "@hi-stranger/vault/web/vault-worker-url";

/** What the tests find on the page. */
export interface VaultPage {
  readonly vault: VaultClient;
  /** How often the vault was locked, here or from elsewhere. */
  lockCount: number;
  /** How many workers this page has started. */
  workerCount: number;
  /** What a call came to: its value, or the code of its error. */
  outcome<Value>(call: Promise<Value>): Promise<Outcome<Value>>;
}

export type Outcome<Value> =
  { readonly value: Value } | { readonly code: string; readonly retryAfterSeconds: number | null };

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): unknown };
}

const { trustedTypes } = globalThis as unknown as { readonly trustedTypes: TrustedTypes };
const policy = trustedTypes.createPolicy("hi-stranger", {
  createScriptURL(url) {
    if (url !== vaultWorkerUrl) throw new TypeError(`${url} is not a script of ours`);
    return url;
  },
});

const startWorker: VaultClientOptions["startWorker"] = () => {
  page.workerCount += 1;
  return new Worker(policy.createScriptURL(vaultWorkerUrl) as string, { type: "module" });
};
const page: VaultPage = {
  lockCount: 0,
  workerCount: 0,
  get vault() {
    return vault;
  },
  async outcome(call) {
    try {
      return { value: await call };
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      return { code: error.code, retryAfterSeconds: error.retryAfterSeconds };
    }
  },
};
const vault = createVaultClient({
  startWorker,
  storage: navigator.storage,
  onLocked() {
    page.lockCount += 1;
  },
});

Object.assign(globalThis, { vaultPage: page });
