/** Small personas for tests of stores: made by hand, so that core needs no generator. */
import { type ProfileRow, toProfileRow } from "../src/store/profile-store.ts";
import type { UserProfile } from "../src/schema/user-profile.ts";
import { readProfileLine } from "../src/schema/profile-line.ts";

/** What tests vary in a persona; the rest is the same for all. */
export interface RowTraits {
  readonly userName?: string;
  readonly biography?: string;
  readonly interests?: readonly string[];
  /** Null leaves the whole system part out. */
  readonly language?: string | null;
  readonly assertiveness?: number;
  readonly empathy?: number;
  readonly stress?: number;
  readonly regulation?: "calm" | "sensitive" | "volatile";
}

/** A row as every writer makes it: a persona and its line, read through the schema. */
export function rowOf(profileId: string, traits: RowTraits = {}): ProfileRow {
  return readRow(JSON.stringify(personaOf(profileId, traits)));
}

/** The row of a line; throws for a line that no writer would pass on. */
export function readRow(line: string): ProfileRow {
  const read = readProfileLine(line);
  if ("violations" in read) throw new Error(`not a persona: ${JSON.stringify(read.violations)}`);
  return toProfileRow(read);
}

/** `count` ids that ascend, of different lengths. */
export function idsOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const digits = index.toString(36).padStart(4, "0");
    return `usr_row${digits}${"z".repeat(index % 3)}`;
  });
}

function personaOf(profileId: string, traits: RowTraits): UserProfile {
  const { language = "en", biography, interests = ["chess"] } = traits;
  return {
    schema_version: "user_profile.v1",
    profile_id: profileId,
    created_at: "2025-03-01T08:00:00.000Z",
    profile: {
      identity: {
        user_name: traits.userName ?? "quiet-otter",
        gender: "nonbinary",
        birthday: "1990-02-28",
        age: 35,
      },
      intent: {
        expectations: ["mainly_fun"],
        ...(biography === undefined ? {} : { biography }),
        conversation_goals: ["enjoy_casual_talk"],
        values_and_beliefs: ["humor_playfulness"],
      },
      behavior: {
        social_energy: ["small_close_group"],
        communication_style: ["casual_quick"],
        conflict_response: "avoidant",
        support_style: "humor_distraction",
        assertiveness_level: traits.assertiveness ?? 3,
        decision_style: "adaptive",
      },
      emotional: {
        emotional_needs: ["availability_trust"],
        maintenance_style: ["spontaneous_connection"],
        emotional_regulation: traits.regulation ?? "calm",
        empathy_depth: traits.empathy ?? 3,
        stress_tolerance: traits.stress ?? 3,
      },
      interests: { shared_lifestyle_type: ["relaxed_playful"], interests: [...interests] },
      ...(language === null ? {} : { system: { language } }),
    },
  };
}
