/** The conditions of the persona list, as they stand in the address: `/personas?language=de&empathy=4`. */
import type { ProfileFilter } from "@hi-stranger/core/store/profile-store";

export const scoreFacets = ["assertiveness", "empathy", "stress"] as const;
export const regulations = ["calm", "sensitive", "volatile"] as const;

const languageTag = /^[a-zA-Z]{2,8}(?:-[a-zA-Z0-9]{1,8})*$/;
const maxTagLength = 64;

/** Reads the facets of `query`. Whatever isn't one, or has an impossible value, is left out. */
export function readFacets(query: Readonly<Record<string, string | undefined>>): ProfileFilter {
  const filter: { -readonly [Name in keyof ProfileFilter]: ProfileFilter[Name] } = {};
  const { language } = query;
  if (language && language.length <= maxTagLength && languageTag.test(language)) {
    filter.language = language;
  }
  for (const name of scoreFacets) {
    const text = query[name] ?? "";
    if (/^[1-5]$/.test(text)) filter[name] = Number(text);
  }
  const regulation = regulations.find((value) => value === query["regulation"]);
  if (regulation) filter.regulation = regulation;
  return filter;
}

/** The address of the list with `filter`; the same filter always gives the same address. */
export function toPersonasUrl(filter: ProfileFilter): string {
  const params = new URLSearchParams();
  for (const name of ["language", ...scoreFacets, "regulation"] as const) {
    const value = filter[name];
    if (value !== undefined) params.set(name, String(value));
  }
  return params.size === 0 ? "/personas" : `/personas?${params}`;
}

/** `filter` with one facet set, or left out when `value` is undefined. */
export function withFacet<Name extends keyof ProfileFilter>(
  filter: ProfileFilter,
  name: Name,
  value: ProfileFilter[Name] | undefined,
): ProfileFilter {
  const { [name]: _former, ...rest } = filter;
  return value === undefined ? rest : { ...rest, [name]: value };
}
