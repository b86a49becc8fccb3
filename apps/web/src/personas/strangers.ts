/** Three temperaments for the welcome picture, as different as they can be. */
import type { UserProfile } from "@hi-stranger/core/schema/user-profile";

type Traits = Pick<UserProfile, "profile_id" | "profile">;
type Regulation = UserProfile["profile"]["emotional"]["emotional_regulation"];

function stranger(
  id: string,
  [assertiveness, empathy, stress]: readonly [number, number, number],
  regulation: Regulation,
): Traits {
  return {
    profile_id: id,
    profile: {
      behavior: { assertiveness_level: assertiveness },
      emotional: {
        empathy_depth: empathy,
        stress_tolerance: stress,
        emotional_regulation: regulation,
      },
      interests: { interests: ["", "", ""] },
    } as UserProfile["profile"],
  };
}

export const strangers: readonly Traits[] = [
  stranger("usr_stranger1", [2, 5, 3], "calm"),
  stranger("usr_stranger7", [5, 3, 5], "sensitive"),
  stranger("usr_stranger2", [4, 3, 1], "volatile"),
];
