/** Countries, apart from the schemas, so that a page can list them without bringing those along. */

/** What CLDR knows as regions and ISO 3166-1 doesn't as countries. */
const otherRegions = new Set([
  "AC",
  "CP",
  "CQ",
  "DG",
  "EA",
  "EU",
  "EZ",
  "IC",
  "QO",
  "TA",
  "UN",
  "XA",
  "XB",
  "XK",
  "ZZ",
]);

/** Made when it is first needed: it is the slow part. */
let regionNames: Intl.DisplayNames | undefined;

/** Whether `text` is a country's code, ISO 3166-1 alpha-2 in upper case. */
export function isCountryCode(text: string): boolean {
  if (!/^[A-Z]{2}$/.test(text) || otherRegions.has(text)) return false;
  regionNames ??= new Intl.DisplayNames("en", { type: "region", fallback: "none" });
  return regionNames.of(text) !== undefined;
}
