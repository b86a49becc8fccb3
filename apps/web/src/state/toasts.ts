/** Short messages about what just happened, with a way to take it back. */
import { signal } from "@preact/signals";

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: "done" | "problem";
  /** How many screens were opened since it came up. */
  readonly screenCount: number;
  /** Whether it tells, or takes back, what somebody who is signed in did: it goes when they do. */
  readonly isOfAccount?: boolean;
  readonly action?: { readonly label: string; readonly run: () => void | Promise<void> };
}

/** Toasts with an action stay until they are used, dismissed or left behind: nobody is timed. */
const maxToasts = 3;
/** The first screen may be the one the action itself leads to, and one may look at another. */
const maxScreens = 3;
const plainToastMs = 7000;

export const toasts = signal<readonly Toast[]>([]);
let lastId = 0;

export function showToast(toast: Omit<Toast, "id" | "screenCount">): void {
  lastId += 1;
  const shown = { ...toast, id: lastId, screenCount: 0 };
  toasts.value = [...toasts.value, shown].slice(-maxToasts);
  if (!toast.action && toast.tone === "done") {
    setTimeout(() => dismissToast(shown.id), plainToastMs);
  }
}

export function dismissToast(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

/** Takes away what is of the person who leaves: nobody else may see it, or take it back as themselves. */
export function dismissAccountToasts(): void {
  toasts.value = toasts.value.filter(({ isOfAccount }) => !isOfAccount);
}

/** Tells that another screen was opened. */
export function ageToasts(): void {
  toasts.value = toasts.value
    .map((toast) => ({ ...toast, screenCount: toast.screenCount + 1 }))
    .filter(({ screenCount }) => screenCount < maxScreens);
}

/** Takes the action of `toast` and takes the toast away, so that it can't be taken twice. */
export function takeAction(toast: Toast): void {
  dismissToast(toast.id);
  void toast.action?.run();
}

/** Takes the newest action there is. False when there is none. */
export function takeNewestAction(): boolean {
  const toast = toasts.value.findLast(({ action, tone }) => action && tone === "done");
  if (toast) takeAction(toast);
  return toast !== undefined;
}
