/** The unsaved state of a form, kept for this tab so that a reload loses nothing. */
import type { FormValues } from "./form-values.ts";

const prefix = "hs.draft.";

export function readDraft(name: string): FormValues | null {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(prefix + name) ?? "null");
    return isFormValues(value) ? value : null;
  } catch {
    return null;
  }
}

/** Whether the draft is kept. */
export function writeDraft(name: string, values: FormValues): boolean {
  try {
    sessionStorage.setItem(prefix + name, JSON.stringify(values));
    return true;
  } catch {
    // Blocked or full: the form itself still holds what was typed.
    return false;
  }
}

export function dropDraft(name: string): void {
  try {
    sessionStorage.removeItem(prefix + name);
  } catch {
    // Nothing was kept then.
  }
}

/** Drops every draft whose name begins with `start`. */
export function dropDrafts(start: string): void {
  try {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(prefix + start)) sessionStorage.removeItem(key);
    }
  } catch {
    // Nothing was kept then.
  }
}

function isFormValues(value: unknown): value is FormValues {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.values(value).every(
    (item) =>
      typeof item === "string" ||
      (Array.isArray(item) && item.every((entry) => typeof entry === "string")),
  );
}
