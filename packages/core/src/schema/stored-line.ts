/**
 * The verdict on a line that a store kept, without reasons: for pages, where the code that explains
 * a refusal (`profile-line.ts`) would cost more than the rest of the store.
 */
import { compactLength } from "./generated/user-profile.check.js";
import type { UserProfile } from "./user-profile.ts";

/**
 * The persona on `text`, or null when that isn't a line as `readProfileLine` gives them: a persona
 * of the newest schema, written compactly and well-formed. Never throws.
 */
export function readStoredLine(text: string): UserProfile | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (compactLength(value) === -1 || JSON.stringify(value) !== text) return null;
  // An escape that stands for half a character survives the way there and back.
  return /\\u[dD][89a-fA-F]/.test(text) && !isWellFormed(value) ? null : (value as UserProfile);
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  return typeof value !== "object" || value === null || Object.values(value).every(isWellFormed);
}
