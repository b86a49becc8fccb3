/** What strangers will see, while the form is being filled. */
import type { UserProfile } from "@hi-stranger/core/schema/user-profile";
import { toPublicProfile } from "@hi-stranger/core/schema/public-view";
import { t } from "../i18n/translate.ts";
import { PersonaView } from "./persona-view.tsx";

export function Preview({ candidate }: { readonly candidate: unknown }) {
  const view = toPublicProfile(withDefaults(candidate as UserProfile), new Date());
  const name = view.profile.identity.user_name;
  return (
    <div class="preview">
      {/* It scrolls by itself, so the keyboard must reach it. */}
      <aside class="panel" tabIndex={0} aria-labelledby="preview-title">
        <p class="preview-label" id="preview-title">
          {t("preview.title")}
        </p>
        <h2>
          <bdi>{name === "" ? t("preview.nameless") : name}</bdi>
        </h2>
        <PersonaView view={view} headingLevel={3} />
        <p class="hint">{t("preview.hint")}</p>
      </aside>
    </div>
  );
}

/** Enough of a record to draw: what is not filled in yet is left in the middle. */
function withDefaults({ profile, ...head }: UserProfile): UserProfile {
  return {
    ...head,
    profile: {
      ...profile,
      identity: { ...profile.identity, birthday: profile.identity.birthday ?? "-" },
      behavior: {
        ...profile.behavior,
        assertiveness_level: profile.behavior.assertiveness_level ?? 3,
      },
      emotional: {
        ...profile.emotional,
        emotional_regulation: profile.emotional.emotional_regulation ?? "calm",
        empathy_depth: profile.emotional.empathy_depth ?? 3,
        stress_tolerance: profile.emotional.stress_tolerance ?? 3,
      },
      interests: { ...profile.interests, interests: profile.interests.interests ?? [] },
    },
  };
}
