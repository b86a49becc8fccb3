/** Keeps personal data out of a home that doesn't encrypt. */
import { StoreError } from "@hi-stranger/core/errors";
import { type FreeText, findInTexts } from "../personal-data.ts";

/** The free text of one record. */
export interface RecordTexts {
  readonly key: string;
  readonly texts: Iterable<FreeText>;
}

const maxFindings = 20;

/**
 * @param idName The member that holds the records' key.
 * @throws {StoreError} `personal_data_refused` when the text of any record looks like it holds some.
 *   The error names its places, never what stands there.
 */
export function refusePersonalData(idName: string, records: Iterable<RecordTexts>): void {
  const findings = Array.from(records, ({ key, texts }) =>
    findInTexts(texts).map((finding) => ({ key, finding })),
  ).flat();
  const [first] = findings;
  if (!first) return;
  const what = first.finding.kind === "email" ? "an e-mail address" : "a phone number";
  const members = findings
    .slice(0, maxFindings)
    .map(({ key, finding }) => ({ [idName]: key, ...finding }));
  throw new StoreError(
    "personal_data_refused",
    `${first.finding.path} of ${first.key} looks like it holds ${what}. Personal data must not be kept here, as nothing is encrypted.`,
    { members: { findings: members } },
  );
}
