/** The keyboard shortcuts of the whole app. Single keys can be switched off (WCAG 2.1.4). */
import { useLocation } from "preact-iso/router";
import { useEffect } from "preact/hooks";
import { hasShortcuts } from "../state/preferences.ts";
import { takeNewestAction } from "../state/toasts.ts";
import { openHelp } from "./help-dialog.tsx";

const urlsByKey: Readonly<Record<string, string>> = {
  p: "/personas",
  n: "/personas/new",
  i: "/import",
};

export function Shortcuts() {
  const { route } = useLocation();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || isBusy(event.target)) return;
      if (handleKey(event, route)) event.preventDefault();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
  return null;
}

/** Whether `event` was a shortcut. */
function handleKey(event: KeyboardEvent, route: (url: string) => void): boolean {
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) {
    return key === "z" && !event.shiftKey && !event.altKey && takeNewestAction();
  }
  if (event.altKey || !hasShortcuts.value) return false;
  if (key === "?") openHelp();
  else if (key === "/") return focusFilter();
  else if (urlsByKey[key]) route(urlsByKey[key]);
  else return false;
  return true;
}

/** Whether a key belongs to the place it was pressed in. */
function isBusy(target: EventTarget | null): boolean {
  if (document.querySelector("dialog[open]")) return true;
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !/^(?:radio|checkbox|button)$/.test(target.type);
  return target.isContentEditable || target.matches("textarea, select");
}

function focusFilter(): boolean {
  const filter = document.querySelector<HTMLElement>("[data-first-filter]");
  filter?.closest("details")?.setAttribute("open", "");
  filter?.focus();
  return filter !== null;
}
