/**
 * The portrait of a persona: a blossom drawn from its temperament, so that no photo is needed and
 * like temperaments look alike. Longer petals are more assertive, wider ones more empathic, rings
 * at the heart are stress tolerance, and the outline is as calm as the person. The hue and the
 * angle come from the id alone.
 */
import type { PublicProfile } from "@hi-stranger/core/schema/public-view";

/** A drawing around the origin, within 50 units of it. */
export interface PortraitShape {
  /** Degrees, for oklch. */
  readonly hue: number;
  /** Path of the outline. */
  readonly outline: string;
  /** Path of one petal that points up. */
  readonly petal: string;
  /** Where each petal points, in degrees. */
  readonly angles: readonly number[];
  /** Radii of the rings, from the outside in. */
  readonly rings: readonly number[];
}

/** Lobes of the outline and how far they swing out. */
const outlines = {
  calm: { lobes: 3, swing: 1.6 },
  sensitive: { lobes: 8, swing: 1.8 },
  volatile: { lobes: 13, swing: 3.4 },
} as const;
const outlineRadius = 43;
const hueSteps = 24;

type Traits = Pick<PublicProfile, "profile_id" | "profile">;

export function toPortraitShape({ profile_id, profile }: Traits): PortraitShape {
  const hash = hashText(profile_id);
  const { assertiveness_level: assertiveness } = profile.behavior;
  const { empathy_depth: empathy, stress_tolerance: stress } = profile.emotional;
  const { lobes, swing } = outlines[profile.emotional.emotional_regulation];
  const petalCount = 5 + Math.min(4, profile.interests.interests.length);
  const turn = (hash >>> 8) % 360;
  return {
    hue: hueOf(profile_id),
    outline: toOutline(lobes, swing, (turn * Math.PI) / 180),
    petal: toPetal(19 + 4 * assertiveness, 3.5 + 2.3 * empathy),
    angles: Array.from({ length: petalCount }, (_, index) =>
      round(turn + (360 / petalCount) * index),
    ),
    rings: Array.from({ length: stress }, (_, index) => round(2.3 * (stress - index))),
  };
}

/** The colour that belongs to an id, in degrees for oklch. */
export function hueOf(profileId: string): number {
  return (hashText(profileId) % hueSteps) * (360 / hueSteps);
}

function toPetal(length: number, halfWidth: number): string {
  const [w, near, far] = [round(halfWidth), round(length * 0.3), round(length * 0.9)];
  return `M0 0C${w} -${near} ${w} -${far} 0 -${length}C-${w} -${far} -${w} -${near} 0 0Z`;
}

/** A closed curve whose radius swings `lobes` times, as straight lines too short to be seen. */
function toOutline(lobes: number, swing: number, turnRadians: number): string {
  const pointCount = 120;
  const points = Array.from({ length: pointCount }, (_, index) => {
    const angle = (index / pointCount) * 2 * Math.PI;
    const radius = outlineRadius + swing * Math.cos(lobes * angle + turnRadians);
    return `${round(radius * Math.cos(angle))} ${round(radius * Math.sin(angle))}`;
  });
  return `M${points.join("L")}Z`;
}

/** FNV-1a, 32 bits. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
