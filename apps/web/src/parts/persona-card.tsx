import { languageName, t } from "../i18n/translate.ts";
import type { Persona } from "../state/persona-list.ts";
import { hueOf } from "../personas/portrait-shape.ts";
import { toView } from "../personas/view.ts";
import { BreakableName } from "./breakable-name.tsx";
import { Portrait } from "./portrait.tsx";

const shownInterests = 3;

export function PersonaCard({ persona }: { readonly persona: Persona }) {
  const view = toView(persona.profile);
  const { identity, intent, interests, system } = view.profile;
  const tag = system?.language;
  const more = interests.interests.length - shownInterests;
  return (
    <article class="card" style={{ "--hue": `${hueOf(persona.profileId)}` }}>
      <div class="card-head">
        <Portrait persona={view} />
        <div>
          <h2 class="card-name" dir="auto">
            <a href={`/personas/${persona.profileId}`}>
              <BreakableName name={identity.user_name} />
            </a>
          </h2>
          <p class="card-facts">
            {[t("persona.age", { age: identity.age }), tag && languageName(tag)]
              .filter(Boolean)
              .join(" · ")}
          </p>
        </div>
      </div>
      {intent.biography && (
        <p class="card-bio" dir="auto" lang={tag}>
          {intent.biography}
        </p>
      )}
      <ul class="chips" aria-label={t("field.interests")}>
        {interests.interests.slice(0, shownInterests).map((interest, index) => (
          <li key={index} class="chip" dir="auto" lang={tag}>
            {interest}
          </li>
        ))}
        {more > 0 && <li class="chip chip-more">{t("persona.more", { count: more })}</li>}
      </ul>
    </article>
  );
}
