/**
 * One encrypted field, as text:
 *
 *     <suite>.<dekId>.<dekVersion>.<base64url(body)>
 *
 * A suite says what the body is: `hs1` (field-suite-1.ts) takes a key for each field, `hs2`
 * (field-suite-2.ts) one for all fields of a data key, which have to be counted. Both are AES-256-GCM
 * bound to the field's place, LP(suite, environment, table, column, row id, subject, schema version,
 * DEK id, DEK version), and carry a commitment to their key that is compared in constant time before
 * anything is decrypted, so no two keys open one ciphertext.
 *
 * A value that was moved, cut, extended or changed by one bit, or that meets another key, is refused
 * by one error that doesn't say why.
 */
import { fromBase64Url, toBase64Url } from "../codec/bytes.ts";
import type { FillRandom } from "../codec/ids.ts";
import { gcmTagByteLength } from "./aes-gcm.ts";
import type { DataKey } from "./data-key.ts";
import type { FieldBox, FieldSuite } from "./field-suite.ts";
import { hs1 } from "./field-suite-1.ts";
import { hs2 } from "./field-suite-2.ts";
import { lengthPrefixed } from "./length-prefix.ts";

const suites = { hs1, hs2 } as const satisfies Record<string, FieldSuite>;
export type FieldSuiteName = keyof typeof suites;

/** Most bytes of a field's plaintext. */
export const maxFieldBytes = 65_536;
/** Most fields that one data key may seal by `hs2`: its IVs are random, and NIST SP 800-38D bounds those so. */
export const maxSealsPerKey = 2 ** 32;

const longestHead = Math.max(...Object.values(suites).map(({ headByteLength }) => headByteLength));
const maxTextLength = 160 + Math.ceil(((longestHead + maxFieldBytes + gcmTagByteLength) * 4) / 3);
const textPattern = /^([^.]+)\.(dek_[0-9a-z]{26})\.([1-9]\d{0,3})\.[A-Za-z0-9_-]+$/;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Where a field is kept: it opens there and nowhere else. */
export interface FieldPlace {
  readonly environment: string;
  readonly table: string;
  readonly column: string;
  readonly rowId: string;
  readonly subjectId: string;
  readonly schemaVersion: string;
}

/** A field that doesn't open. It doesn't say why, because the reason would help to forge one. */
export class FieldError extends Error {
  override readonly name = "FieldError";
  constructor() {
    super("The value can't be opened.");
  }
}

export interface SealOptions {
  readonly suite: FieldSuiteName;
  readonly fillRandom: FillRandom;
}

/** Encrypts `plaintext`, at most {@link maxFieldBytes} of UTF-8. @throws {RangeError} when it is longer. */
export async function sealField(
  subtle: SubtleCrypto,
  dataKey: DataKey,
  place: FieldPlace,
  plaintext: string,
  { suite, fillRandom }: SealOptions,
): Promise<string> {
  const bytes = new Uint8Array(encoder.encode(plaintext));
  if (bytes.length > maxFieldBytes)
    throw new RangeError(`a field has ${maxFieldBytes} bytes at most`);
  const body = await suites[suite].seal(boxOf(subtle, suite, dataKey, place), bytes, fillRandom);
  return `${suite}.${dataKey.dekId}.${dataKey.version}.${toBase64Url(body)}`;
}

/** Decrypts what {@link sealField} gave for the same key and place. @throws {FieldError} */
export async function openField(
  subtle: SubtleCrypto,
  dataKey: DataKey,
  place: FieldPlace,
  text: string,
): Promise<string> {
  const name = dataKeyOf(text);
  if (name?.dekId !== dataKey.dekId || name.dekVersion !== dataKey.version) throw new FieldError();
  const { suite } = name;
  const body = fromBase64Url(text.slice(text.lastIndexOf(".") + 1));
  const isWhole = body && body.length >= suites[suite].headByteLength + gcmTagByteLength;
  const box = boxOf(subtle, suite, dataKey, place);
  const plaintext = isWhole ? await suites[suite].open(box, body) : null;
  if (!plaintext) throw new FieldError();
  return decoder.decode(plaintext);
}

/** Which data key a field was sealed with, and by which suite; null when `text` isn't a field. */
export function dataKeyOf(
  text: string,
): { suite: FieldSuiteName; dekId: string; dekVersion: number } | null {
  const match = text.length <= maxTextLength ? textPattern.exec(text) : null;
  const [, suite = "", dekId = "", version] = match ?? [];
  return isSuite(suite) ? { suite, dekId, dekVersion: Number(version) } : null;
}

function isSuite(name: string): name is FieldSuiteName {
  return Object.hasOwn(suites, name);
}

function boxOf(
  subtle: SubtleCrypto,
  suite: FieldSuiteName,
  dataKey: DataKey,
  place: FieldPlace,
): FieldBox {
  const { environment, table, column, rowId, subjectId, schemaVersion } = place;
  const additionalData = lengthPrefixed(
    suite,
    environment,
    table,
    column,
    rowId,
    subjectId,
    schemaVersion,
    dataKey.dekId,
    `${dataKey.version}`,
  );
  return { subtle, dataKey, additionalData };
}
