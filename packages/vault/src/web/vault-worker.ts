/**
 * The script of the worker that holds the vault. Its response's policy needs `script-src 'self'
 * 'wasm-unsafe-eval'` and `connect-src 'self'`; the page's own needs neither.
 */
// The vault asks for it when it is needed, which may be when there is no network any more.
import "../bundle/bundle.ts";
import { answerCalls } from "./calls/answerer.ts";
import type { EventMessage } from "./calls/call-messages.ts";
import { loadWebPlatform } from "./platform.ts";
import { createVaultHost } from "./vault-host.ts";

declare const self: DedicatedWorkerGlobalScope;

const host = createVaultHost({
  platform: loadWebPlatform(),
  locks: navigator.locks,
  channel: new BroadcastChannel("hi-stranger-vault"),
  onLocked() {
    self.postMessage({ event: "locked" } satisfies EventMessage);
  },
});

answerCalls(self, host);
