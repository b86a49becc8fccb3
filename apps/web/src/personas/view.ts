/** A persona as strangers see it, now. */
import { systemClock } from "@hi-stranger/core/clock";
import { type PublicProfile, toPublicProfile } from "@hi-stranger/core/schema/public-view";
import type { UserProfile } from "@hi-stranger/core/schema/user-profile";

/** The day that ages are told for. */
export function today(): Date {
  return new Date(systemClock.now());
}

/** Makes the view of a persona as a store gives it: whole or, to a stranger, as that view already. */
export function toView(profile: UserProfile): PublicProfile {
  // The schema has it; what the server gives of somebody else's persona hasn't.
  const birthday: string | undefined = profile.profile.identity.birthday;
  return birthday === undefined ? profile : toPublicProfile(profile, today());
}
