/**
 * One encrypted field, `hs1`:
 *
 *     hs1.<dekId>.<dekVersion>.<base64url(salt 32 ‖ commitment 32 ‖ ciphertext ‖ tag 16)>
 *
 * HKDF-SHA-512(DEK, salt, LP("hs/field/v1")) gives key 32 ‖ commitment 32 ‖ IV 12, so every field
 * has a key of its own, used once. AES-256-GCM binds the ciphertext to its place: LP("hs1",
 * environment, table, column, row id, subject, schema version, DEK id, DEK version). The commitment
 * is compared in constant time before anything is decrypted, so no two keys open one ciphertext.
 *
 * A value that was moved, cut, extended or changed by one bit, or that meets another key, is refused
 * by one error that doesn't say why.
 */
import { fromBase64Url, toBase64Url } from "../codec/bytes.ts";
import type { FillRandom } from "../codec/ids.ts";
import { gcmIvByteLength, gcmTagByteLength, openGcm, sealGcm } from "./aes-gcm.ts";
import type { DataKey } from "./data-key.ts";
import { equalBytes } from "./equal.ts";
import { deriveBytes } from "./hkdf.ts";
import { keyLabels } from "./labels.ts";
import { lengthPrefixed } from "./length-prefix.ts";

const suite = "hs1";
const saltByteLength = 32;
const commitmentByteLength = 32;
const keyByteLength = 32;
/** Most bytes of a field's plaintext. */
export const maxFieldBytes = 65_536;

const headByteLength = saltByteLength + commitmentByteLength;
const maxTextLength =
  160 + Math.ceil(((headByteLength + maxFieldBytes + gcmTagByteLength) * 4) / 3);
const textPattern = /^hs1\.(dek_[0-9a-z]{26})\.([1-9]\d{0,3})\.([A-Za-z0-9_-]+)$/;
const fieldInfo = lengthPrefixed(keyLabels.field);
const encoder = new TextEncoder();

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

/** Encrypts `plaintext`, at most {@link maxFieldBytes} of UTF-8. @throws {RangeError} when it is longer. */
export async function sealField(
  subtle: SubtleCrypto,
  dataKey: DataKey,
  place: FieldPlace,
  plaintext: string,
  fillRandom: FillRandom,
): Promise<string> {
  const bytes = new Uint8Array(encoder.encode(plaintext));
  if (bytes.length > maxFieldBytes)
    throw new RangeError(`a field has ${maxFieldBytes} bytes at most`);
  const salt = new Uint8Array(saltByteLength);
  fillRandom(salt);
  const { key, commitment, iv } = await deriveFieldKey(subtle, dataKey, salt);
  const input = { key, iv, additionalData: boundTo(place, dataKey) };
  const sealed = await sealGcm(subtle, input, bytes);
  key.fill(0);
  const body = new Uint8Array(headByteLength + sealed.length);
  body.set(salt);
  body.set(commitment, saltByteLength);
  body.set(sealed, headByteLength);
  return `${suite}.${dataKey.dekId}.${dataKey.version}.${toBase64Url(body)}`;
}

/** Decrypts what {@link sealField} gave for the same key and place. @throws {FieldError} */
export async function openField(
  subtle: SubtleCrypto,
  dataKey: DataKey,
  place: FieldPlace,
  text: string,
): Promise<string> {
  const read = readField(text);
  if (read?.dekId !== dataKey.dekId || read.dekVersion !== dataKey.version) throw new FieldError();
  const { salt, commitment: claimed, sealed } = read;
  const { key, commitment, iv } = await deriveFieldKey(subtle, dataKey, salt);
  const isCommitted = equalBytes(claimed, commitment);
  const input = { key, iv, additionalData: boundTo(place, dataKey) };
  const plaintext = isCommitted ? await openGcm(subtle, input, sealed) : null;
  key.fill(0);
  if (!plaintext) throw new FieldError();
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(plaintext);
}

/** Which data key a field was sealed with, or null when `text` isn't one. */
export function dataKeyOf(text: string): { dekId: string; dekVersion: number } | null {
  const match = text.length <= maxTextLength ? textPattern.exec(text) : null;
  return match && { dekId: match[1] ?? "", dekVersion: Number(match[2]) };
}

function readField(text: string) {
  const dataKey = dataKeyOf(text);
  const body = dataKey && fromBase64Url(text.slice(text.lastIndexOf(".") + 1));
  if (!body || body.length < headByteLength + gcmTagByteLength) return null;
  return {
    ...dataKey,
    salt: body.slice(0, saltByteLength),
    commitment: body.slice(saltByteLength, headByteLength),
    sealed: body.slice(headByteLength),
  };
}

async function deriveFieldKey(
  subtle: SubtleCrypto,
  { key }: DataKey,
  salt: Uint8Array<ArrayBuffer>,
) {
  const byteLength = keyByteLength + commitmentByteLength + gcmIvByteLength;
  const derivation = { hash: "SHA-512", salt, info: fieldInfo, byteLength } as const;
  const bytes = await deriveBytes(subtle, key, derivation);
  return {
    key: bytes.subarray(0, keyByteLength),
    commitment: bytes.subarray(keyByteLength, keyByteLength + commitmentByteLength),
    iv: bytes.subarray(keyByteLength + commitmentByteLength),
  };
}

function boundTo(place: FieldPlace, { dekId, version }: DataKey): Uint8Array<ArrayBuffer> {
  const { environment, table, column, rowId, subjectId, schemaVersion } = place;
  return lengthPrefixed(
    suite,
    environment,
    table,
    column,
    rowId,
    subjectId,
    schemaVersion,
    dekId,
    `${version}`,
  );
}
