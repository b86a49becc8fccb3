/** Whether the network, and the server behind it, can be reached, as far as this page knows. */
import { signal } from "@preact/signals";

export const isOffline = signal(!navigator.onLine);
/** True from a LIVE call that nobody answered until the next one that somebody does. */
export const isUnreachable = signal(false);

export function watchConnectivity(): void {
  addEventListener("online", () => {
    isOffline.value = false;
    isUnreachable.value = false;
  });
  addEventListener("offline", () => {
    isOffline.value = true;
  });
}
