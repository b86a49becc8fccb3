/** Personas for one test, which no other test's can be mistaken for. */
import { randomInt } from "node:crypto";
import type { UserProfile } from "@hi-stranger/core/schema/user-profile";
import { generatePersonas } from "@hi-stranger/sdk/demo/personas";
import { createClient } from "@hi-stranger/sdk/client";

/** `count` personas whose ids are new in every run. */
export function makePersonas(count: number): UserProfile[] {
  return [...generatePersonas({ count, seed: randomInt(2 ** 40) })];
}

export function toNdjson(personas: readonly UserProfile[]): string {
  return personas.map((persona) => `${JSON.stringify(persona)}\n`).join("");
}

/** Puts personas into a store by its API. */
export async function store(baseUrl: string, token: string, personas: readonly UserProfile[]) {
  const client = createClient({ baseUrl, token });
  const body = new TextEncoder().encode(toNdjson(personas));
  const { report } = await client.importProfiles(body, { isGzip: false });
  if (report.lines_valid !== personas.length) throw new Error("not all personas were stored");
}
