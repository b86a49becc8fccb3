/** What strangers see of a persona; the detail screen and the editor's preview show the same. */
import type { PublicProfile } from "@hi-stranger/core/schema/public-view";
import { groups, isScore } from "../personas/fields.ts";
import { fieldLabel, valueLabel } from "../personas/labels.ts";
import { languageName, t } from "../i18n/translate.ts";
import { Portrait } from "./portrait.tsx";
import { Score } from "./score.tsx";

interface Props {
  readonly view: PublicProfile;
  /** What the portrait is drawn from, when that is not the view. */
  readonly drawnAs?: Pick<PublicProfile, "profile_id" | "profile">;
  readonly headingLevel: 2 | 3;
}

/** Fields that the top of the view shows in its own way, or that are of no use to a reader. */
const shownAbove = new Set([
  "user_name",
  "birthday",
  "age",
  "gender",
  "avatar_picture",
  "biography",
  "language",
  "interests",
  "intro_done",
]);

export function PersonaView({ view, drawnAs = view, headingLevel }: Props) {
  const Heading = headingLevel === 2 ? "h2" : "h3";
  const { identity, intent, interests, system } = view.profile;
  return (
    <div class="view">
      <div class="view-top">
        <Portrait persona={drawnAs} size="large" />
        <div class="view-intro">
          <p class="view-facts">
            {[
              hasValue(identity.age) && t("persona.age", { age: identity.age }),
              hasValue(identity.gender) && valueLabel("gender", identity.gender),
              system?.language && languageName(system.language),
            ]
              .filter(Boolean)
              .join(" · ")}
          </p>
          {intent.biography && (
            <p class="view-bio" dir="auto" lang={system?.language}>
              {intent.biography}
            </p>
          )}
          <ul class="chips" aria-label={t("field.interests")}>
            {interests.interests.map((interest, index) => (
              <li key={index} class="chip" dir="auto" lang={system?.language}>
                {interest}
              </li>
            ))}
          </ul>
        </div>
      </div>
      <div class="view-groups">
        {groups.map(({ name, fields }) => (
          <ViewGroup key={name} view={view} name={name} fields={fields} Heading={Heading} />
        ))}
      </div>
    </div>
  );
}

interface GroupProps {
  readonly view: PublicProfile;
  readonly name: (typeof groups)[number]["name"];
  readonly fields: (typeof groups)[number]["fields"];
  readonly Heading: "h2" | "h3";
}

function ViewGroup({ view, name, fields, Heading }: GroupProps) {
  const values = (view.profile[name] ?? {}) as Readonly<Record<string, unknown>>;
  const shown = fields.filter(
    (field) => !shownAbove.has(field.name) && hasValue(values[field.name]),
  );
  if (shown.length === 0) return null;
  return (
    <section class="view-group">
      <Heading>{t(`group.${name}`)}</Heading>
      <dl>
        {shown.map((field) => {
          const value = values[field.name];
          if (isScore(field) && typeof value === "number") {
            return <Score key={field.name} label={fieldLabel(field.name)} value={value} />;
          }
          return (
            <div key={field.name} class="fact">
              <dt>{fieldLabel(field.name)}</dt>
              {[value].flat().map((item, index) => (
                <dd key={index}>{valueLabel(field.name, item)}</dd>
              ))}
            </div>
          );
        })}
      </dl>
    </section>
  );
}

function hasValue(value: unknown): boolean {
  return (
    value !== undefined &&
    value !== null &&
    !Number.isNaN(value) &&
    !(Array.isArray(value) && value.length === 0)
  );
}
