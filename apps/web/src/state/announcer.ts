/** Says things to people who don't see them happen: the text of a polite live region. */
import { signal } from "@preact/signals";

export const announcement = signal("");

/** Announces `text`. The same text twice is said twice. */
export function announce(text: string): void {
  // A trailing no-break space makes a repeated text a new one.
  announcement.value = announcement.value === text ? `${text}\u00a0` : text;
}
