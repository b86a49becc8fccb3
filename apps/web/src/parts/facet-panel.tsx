/** The conditions of the list. Native radio groups and one select; each change is a new address. */
import { useState } from "preact/hooks";
import type { ProfileFilter } from "@hi-stranger/core/store/profile-store";
import { languageName, t, tOr } from "../i18n/translate.ts";
import { scoreFacets, regulations, withFacet } from "../state/facets.ts";
import type { Persona } from "../state/persona-list.ts";
import { commonTags } from "../personas/common-tags.ts";
import { fieldLabel } from "../personas/labels.ts";
import { Icon } from "./icon.tsx";

interface Props {
  readonly filter: ProfileFilter;
  /** What is loaded; its languages can be chosen too. */
  readonly items: readonly Persona[];
  readonly onChange: (filter: ProfileFilter) => void;
}

const scores = [1, 2, 3, 4, 5] as const;
const fieldsByFacet = {
  assertiveness: "assertiveness_level",
  empathy: "empathy_depth",
  stress: "stress_tolerance",
} as const;

export function FacetPanel({ filter, items, onChange }: Props) {
  const count = Object.keys(filter).length;
  const [isOpenAtFirst] = useState(count > 0);
  return (
    <details class="facets" open={isOpenAtFirst}>
      <summary>
        <Icon name="filter" />
        <span>{t("facets.title")}</span>
        {count > 0 && <span class="tag">{t("facets.active", { count })}</span>}
      </summary>
      <div class="facets-body">
        <LanguageFacet filter={filter} items={items} onChange={onChange} />
        {scoreFacets.map((name) => (
          <Segments
            key={name}
            name={name}
            legend={fieldLabel(fieldsByFacet[name])}
            options={scores.map((score) => ({ value: score, label: String(score) }))}
            value={filter[name]}
            onChange={(value) => onChange(withFacet(filter, name, value))}
          />
        ))}
        <Segments
          name="regulation"
          legend={fieldLabel("emotional_regulation")}
          options={regulations.map((value) => ({
            value,
            label: tOr(`emotional_regulation.${value}`, value),
          }))}
          value={regulations.find((value) => value === filter.regulation)}
          onChange={(value) => onChange(withFacet(filter, "regulation", value))}
        />
      </div>
    </details>
  );
}

/** What is set, one button each to leave it out again. */
export function ActiveFacets({ filter, onChange }: Omit<Props, "items">) {
  const names = Object.keys(filter) as (keyof ProfileFilter)[];
  if (names.length === 0) return null;
  return (
    <div class="active-facets" role="group" aria-label={t("facets.title")}>
      {names.map((name) => (
        <button
          key={name}
          type="button"
          class="button"
          onClick={() => onChange(withFacet(filter, name, undefined))}
        >
          {facetText(name, filter[name])}
          <Icon name="close" />
          <span class="visually-hidden">{t("facets.remove")}</span>
        </button>
      ))}
      <button type="button" class="button-quiet" onClick={() => onChange({})}>
        {t("facets.clear")}
      </button>
    </div>
  );
}

function facetText(name: keyof ProfileFilter, value: string | number | undefined): string {
  if (name === "language") return languageName(String(value));
  if (name === "regulation") return tOr(`emotional_regulation.${value}`, String(value));
  return `${fieldLabel(fieldsByFacet[name])} ${value}`;
}

function LanguageFacet({ filter, items, onChange }: Props) {
  const seen = items.map(({ profile }) => profile.profile.system?.language);
  const tags = new Set(
    [...commonTags, ...seen, filter.language].filter((tag) => tag !== undefined),
  );
  const options = [...tags]
    .map((tag) => ({ tag, name: languageName(tag) }))
    .sort((left, right) => left.name.localeCompare(right.name));
  return (
    <label class="field">
      <span class="field-label">{fieldLabel("language")}</span>
      <select
        data-first-filter
        value={filter.language ?? ""}
        onChange={(event) =>
          onChange(withFacet(filter, "language", event.currentTarget.value || undefined))
        }
      >
        <option value="">{t("facets.any")}</option>
        {options.map(({ tag, name }) => (
          <option key={tag} value={tag}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

interface SegmentsProps<Value extends string | number> {
  readonly name: string;
  readonly legend: string;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly value: Value | undefined;
  readonly onChange: (value: Value | undefined) => void;
}

function Segments<Value extends string | number>(props: SegmentsProps<Value>) {
  const { name, legend, options, value, onChange } = props;
  const all = [{ value: undefined, label: t("facets.any") }, ...options];
  return (
    <fieldset class="segments">
      <legend>{legend}</legend>
      <div class="segment-row">
        {all.map((option) => (
          <label key={option.value ?? ""} class="segment">
            <input
              type="radio"
              name={`facet-${name}`}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
