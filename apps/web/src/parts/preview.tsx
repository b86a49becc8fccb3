/** What strangers will see, while the form is being filled. */
import type { UserProfile } from "@hi-stranger/core/schema/user-profile";
import { t } from "../i18n/translate.ts";
import { toView } from "../personas/view.ts";
import { PersonaView } from "./persona-view.tsx";

export function Preview({ candidate }: { readonly candidate: unknown }) {
  const said = candidate as UserProfile;
  const view = toView(withSome(said));
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
        <PersonaView view={view} drawnAs={withDefaults(said)} headingLevel={3} />
        <p class="hint">{t("preview.hint")}</p>
      </aside>
    </div>
  );
}

/** Enough of a record to be read: what is not filled in yet is not there, and not shown. */
function withSome({ profile, ...head }: UserProfile): UserProfile {
  return {
    ...head,
    profile: {
      ...profile,
      identity: { ...profile.identity, birthday: profile.identity.birthday ?? "not said" },
      interests: { ...profile.interests, interests: profile.interests.interests ?? [] },
    },
  };
}

/** Enough of a record to be drawn: what is not filled in yet is in the middle. */
function withDefaults(persona: UserProfile): UserProfile {
  const { profile, ...head } = withSome(persona);
  return {
    ...head,
    profile: {
      ...profile,
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
    },
  };
}
