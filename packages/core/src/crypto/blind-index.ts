/**
 * A column that can be looked up by equality and not read: an HMAC of the normalised value.
 *
 *     <index version>.<base64url(HMAC-SHA-256(key, normalised))>
 *     key = HKDF-SHA-256(INDEX root, no salt, LP("hs/index/v1", table, column, environment, normaliser version))
 *
 * Whoever has the database but not the root learns which rows are equal, and nothing more.
 */
import { toBase64Url } from "../codec/bytes.ts";
import { deriveBytes } from "./hkdf.ts";
import { type Keyring, rootKey } from "./keyring.ts";
import { keyLabels } from "./labels.ts";
import { lengthPrefixed } from "./length-prefix.ts";

/** Which column an index serves. */
export interface IndexPlace {
  readonly environment: string;
  readonly table: string;
  readonly column: string;
  /** The version of the rule that normalised the value. */
  readonly normaliserVersion: number;
}

const encoder = new TextEncoder();

/** The index of `normalised` by one version of the root. @throws {KeyringError} without that version. */
export async function blindIndex(
  subtle: SubtleCrypto,
  keyring: Keyring,
  place: IndexPlace,
  normalised: string,
  version = keyring.activeByPurpose.index,
): Promise<string> {
  const { environment, table, column, normaliserVersion } = place;
  const key = await deriveBytes(subtle, await rootKey(subtle, keyring, "index", version), {
    hash: "SHA-256",
    salt: new Uint8Array(),
    info: lengthPrefixed(keyLabels.index, table, column, environment, `${normaliserVersion}`),
    byteLength: 32,
  });
  const algorithm = { name: "HMAC", hash: "SHA-256" } as const;
  const hmacKey = await subtle.importKey("raw", key, algorithm, false, ["sign"]);
  key.fill(0);
  const mac = await subtle.sign("HMAC", hmacKey, new Uint8Array(encoder.encode(normalised)));
  return `${version}.${toBase64Url(new Uint8Array(mac))}`;
}
