/** Registers the service worker, and offers a new release when there is one. */
import { t } from "../i18n/translate.ts";
import { showToast } from "./toasts.ts";

const workerUrl = "/sw.js";

interface ScriptUrlPolicy {
  createScriptURL(url: string): unknown;
}
interface TrustedTypesFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): ScriptUrlPolicy;
}

export async function registerServiceWorker(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const { serviceWorker } = navigator;
  try {
    const registration = await serviceWorker.register(trustedWorkerUrl() as string);
    registration.addEventListener("updatefound", () => {
      const worker = registration.installing;
      worker?.addEventListener("statechange", () => {
        // On a first visit there is no controller, and nothing to reload for.
        if (worker.state === "installed" && serviceWorker.controller) offerReload(worker);
      });
    });
  } catch {
    // Private windows may refuse workers; the app only loses its offline start.
  }
}

function offerReload(worker: ServiceWorker): void {
  showToast({
    text: t("update.ready"),
    tone: "done",
    action: {
      label: t("update.reload"),
      run() {
        navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
        worker.postMessage("activate");
      },
    },
  });
}

/** The page's Content-Security-Policy takes a script's address from this policy alone. */
function trustedWorkerUrl(): unknown {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypesFactory };
  if (!trustedTypes) return workerUrl;
  const policy = trustedTypes.createPolicy("hi-stranger", {
    createScriptURL(url) {
      if (url !== workerUrl) throw new TypeError(`${url} is not a script of ours`);
      return url;
    },
  });
  return policy.createScriptURL(workerUrl);
}
