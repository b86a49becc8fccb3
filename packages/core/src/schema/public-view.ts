/**
 * The public view of a persona: what every participant but its owner may see.
 *
 * It leaves out the birthday and replaces the age as given by the age computed from it.
 */
import type { UserProfile } from "./user-profile.ts";

type Identity = UserProfile["profile"]["identity"];

/** A persona without its birthday. */
export type PublicProfile = Omit<UserProfile, "profile"> & {
  profile: Omit<UserProfile["profile"], "identity"> & { identity: Omit<Identity, "birthday"> };
};

/** Makes the public view of `profile` as of `now`. The argument is left as it is. */
export function toPublicProfile(profile: UserProfile, now: Date): PublicProfile {
  const { birthday, ...identity } = profile.profile.identity;
  return {
    ...profile,
    profile: { ...profile.profile, identity: { ...identity, age: ageInYears(birthday, now) } },
  };
}

/** Full years between `birthday` (`YYYY-MM-DD`) and the UTC day of `now`; never below zero. */
export function ageInYears(birthday: string, now: Date): number {
  const [year = 0, month = 0, day = 0] = birthday.split("-").map(Number);
  const hadBirthday =
    now.getUTCMonth() + 1 > month || (now.getUTCMonth() + 1 === month && now.getUTCDate() >= day);
  return Math.max(0, now.getUTCFullYear() - year - (hadBirthday ? 0 : 1));
}
