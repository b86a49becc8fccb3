/** Personas for tests, from the demo generator, by seed. */
import type { UserProfile } from "@hi-stranger/core/schema/user-profile";
import { generatePersonas } from "@hi-stranger/sdk/demo/personas";

export function personas(count: number, seed = 1): UserProfile[] {
  return [...generatePersonas({ count, seed })];
}

export function personaLines(count: number, seed = 1): string[] {
  return personas(count, seed).map((persona) => JSON.stringify(persona));
}
