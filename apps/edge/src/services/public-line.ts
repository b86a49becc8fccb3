/** Personas as strangers see them, as JSON text. */
import type { Clock } from "@hi-stranger/core/clock";
import { toPublicProfile } from "@hi-stranger/core/schema/public-view";
import type { UserProfile } from "@hi-stranger/core/schema/user-profile";

/** The public view of the record in `line`, as of now. */
export function toPublicLine(line: string, clock: Clock): string {
  const profile = JSON.parse(line) as UserProfile;
  return JSON.stringify(toPublicProfile(profile, new Date(clock.now())));
}
