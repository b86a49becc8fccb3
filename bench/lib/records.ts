/** The records that benchmarks work on: demo personas, whole or with nothing optional. */
import { maxImportBytes } from "@hi-stranger/core/contract/imports";
import type { UserProfile } from "@hi-stranger/core/schema/user-profile";
import { generatePersonas } from "@hi-stranger/sdk/demo/personas";

/** `full`: as people fill them in, about 1.2 KB. `minimal`: required members alone, about 1 KB. */
export type RecordKind = "full" | "minimal";

const seed = 20_261_101;

/** Lines `from` (0 or more) to `to` of the one sequence that all benchmarks use. Ids ascend. */
export function* recordLines(kind: RecordKind, from: number, to: number): Generator<string, void> {
  let index = 0;
  for (const persona of generatePersonas({ count: to, seed })) {
    if (index >= from) yield JSON.stringify(kind === "full" ? persona : toMinimal(persona));
    index += 1;
  }
}

/** NDJSON bodies, as few as the API's limit of 50 MB allows. */
export function toBodies(lines: Iterable<string>, maxBytes = maxImportBytes): Buffer[] {
  const bodies: Buffer[] = [];
  let parts: Buffer[] = [];
  let byteCount = 0;
  for (const line of lines) {
    const part = Buffer.from(`${line}\n`);
    if (byteCount + part.length > maxBytes) {
      bodies.push(Buffer.concat(parts));
      parts = [];
      byteCount = 0;
    }
    parts.push(part);
    byteCount += part.length;
  }
  if (byteCount > 0) bodies.push(Buffer.concat(parts));
  return bodies;
}

function toMinimal({ schema_version, profile_id, created_at, profile }: UserProfile): UserProfile {
  const { user_name, gender, birthday, age } = profile.identity;
  const { expectations, conversation_goals, values_and_beliefs } = profile.intent;
  return {
    schema_version,
    profile_id,
    created_at,
    profile: {
      identity: { user_name, gender, birthday, age },
      intent: { expectations, conversation_goals, values_and_beliefs },
      behavior: profile.behavior,
      emotional: profile.emotional,
      interests: profile.interests,
    },
  };
}
