import type { PublicProfile } from "@hi-stranger/core/schema/public-view";
import { toPortraitShape } from "../personas/portrait-shape.ts";

interface Props {
  readonly persona: Pick<PublicProfile, "profile_id" | "profile">;
  readonly size?: "small" | "large";
}

/** Decoration: everything it is drawn from stands beside it in words. */
export function Portrait({ persona, size = "small" }: Props) {
  const { hue, outline, petal, angles, rings } = toPortraitShape(persona);
  return (
    <svg
      class={`portrait portrait-${size}`}
      viewBox="-50 -50 100 100"
      aria-hidden="true"
      style={{ "--hue": `${hue}` }}
    >
      <path class="portrait-outline" d={outline} />
      {angles.map((angle, index) => (
        <path
          key={angle}
          class={index % 2 === 0 ? "portrait-petal" : "portrait-petal portrait-petal-odd"}
          d={petal}
          transform={`rotate(${angle})`}
        />
      ))}
      {rings.map((radius, index) => (
        <circle
          key={radius}
          class={index % 2 === 0 ? "portrait-ring" : "portrait-ring portrait-ring-odd"}
          r={radius}
        />
      ))}
    </svg>
  );
}
