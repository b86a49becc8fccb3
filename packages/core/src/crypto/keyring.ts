/**
 * The server's roots: one secret, JSON, with versioned 32-byte keys for each purpose.
 *
 *     {"kek":{"1":"…"},"index":{"1":"…"},"audit":{"1":"…"},"session":{"1":"…"},"suppression":{"1":"…"},
 *      "active":{"kek":1,"index":1,"audit":1,"session":1,"suppression":1}}
 *
 * Keys are base64url without padding. A root is only ever derived from (HKDF, RFC 5869), never used
 * directly. New things are made with the active version; the others open what is older. Refuses
 * unknown members, versions out of bounds, a key that isn't 32 bytes, and one key under two names.
 */
import { fromBase64Url, toBase64Url, toHex } from "../codec/bytes.ts";
import type { FillRandom } from "../codec/ids.ts";
import { hkdfSha256, importHkdfKey } from "./hkdf.ts";
import { keyLabels } from "./labels.ts";
import { lengthPrefixed } from "./length-prefix.ts";
import { Redacted, reveal } from "./redacted.ts";

export const keyPurposes = ["kek", "index", "audit", "session", "suppression"] as const;
export type KeyPurpose = (typeof keyPurposes)[number];

export const maxKeyVersion = 9_999;
const rootByteLength = 32;
const fingerprintByteLength = 8;
/** Most characters of the document: room for dozens of versions of each purpose. */
const maxTextLength = 16_384;

type Roots = ReadonlyMap<number, Redacted<Uint8Array<ArrayBuffer>>>;

/** The roots, held so that neither text nor JSON shows them. */
export interface Keyring {
  readonly activeByPurpose: Readonly<Record<KeyPurpose, number>>;
  readonly rootsByPurpose: Readonly<Record<KeyPurpose, Roots>>;
}

/** A root as it may be shown to anyone. */
export interface KeyDescription {
  readonly purpose: KeyPurpose;
  readonly version: number;
  readonly isActive: boolean;
  /** 16 hexadecimal digits that tell keys apart and say nothing else about them. */
  readonly fingerprint: string;
}

/** What is wrong with a keyring, or with what is asked of it; never holds a key. */
export class KeyringError extends Error {
  override readonly name = "KeyringError";
}

/** A keyring with a first version of every purpose. */
export function createKeyring(fillRandom: FillRandom): Keyring {
  return {
    activeByPurpose: byPurpose(() => 1),
    rootsByPurpose: byPurpose(() => new Map([[1, randomRoot(fillRandom)]])),
  };
}

/**
 * The keyring with a new version of `purpose`, which isn't active yet: nothing may be made with a
 * version before everyone who opens things has it.
 */
export function addKeyVersion(
  keyring: Keyring,
  purpose: KeyPurpose,
  fillRandom: FillRandom,
): Keyring {
  const roots = keyring.rootsByPurpose[purpose];
  const version = Math.max(...roots.keys()) + 1;
  if (version > maxKeyVersion)
    throw new KeyringError(`There is no version after ${maxKeyVersion}.`);
  return {
    ...keyring,
    rootsByPurpose: {
      ...keyring.rootsByPurpose,
      [purpose]: new Map([...roots, [version, randomRoot(fillRandom)]]),
    },
  };
}

/** The keyring with another active version of `purpose`. @throws {KeyringError} when it has no such version. */
export function activateKeyVersion(
  keyring: Keyring,
  purpose: KeyPurpose,
  version: number,
): Keyring {
  if (!keyring.rootsByPurpose[purpose].has(version)) {
    throw new KeyringError(`There is no version ${version} of ${purpose}.`);
  }
  return { ...keyring, activeByPurpose: { ...keyring.activeByPurpose, [purpose]: version } };
}

/** The keyring without a version. What only that one opens is lost. @throws {KeyringError} for the active one. */
export function removeKeyVersion(keyring: Keyring, purpose: KeyPurpose, version: number): Keyring {
  const roots = keyring.rootsByPurpose[purpose];
  if (!roots.has(version)) throw new KeyringError(`There is no version ${version} of ${purpose}.`);
  if (keyring.activeByPurpose[purpose] === version) {
    throw new KeyringError(`Version ${version} of ${purpose} is the active one; rotate first.`);
  }
  const rest = new Map([...roots].filter(([each]) => each !== version));
  return { ...keyring, rootsByPurpose: { ...keyring.rootsByPurpose, [purpose]: rest } };
}

/** Reads the secret. @throws {KeyringError} that names the place and never what is there. */
export function readKeyring(secret: Redacted<string>): Keyring {
  const text = reveal(secret);
  if (text.length > maxTextLength)
    throw new KeyringError(`It is over ${maxTextLength} characters.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new KeyringError("It is not a JSON text.");
  }
  const document = toMembers(value, "It", [...keyPurposes, "active"]);
  const active = toMembers(document["active"], "active", keyPurposes);
  const seen = new Set<string>();
  const rootsByPurpose = byPurpose((purpose) => readRoots(purpose, document[purpose], seen));
  const activeByPurpose = byPurpose((purpose) => {
    const version = active[purpose];
    if (typeof version !== "number" || !rootsByPurpose[purpose].has(version)) {
      throw new KeyringError(`active.${purpose} is not a version of ${purpose}.`);
    }
    return version;
  });
  return { activeByPurpose, rootsByPurpose };
}

/** The document that {@link readKeyring} reads, to be stored as the Worker's secret. */
export function writeKeyring({ activeByPurpose, rootsByPurpose }: Keyring): Redacted<string> {
  const roots = byPurpose((purpose) =>
    Object.fromEntries(
      [...rootsByPurpose[purpose]].map(([version, root]) => [version, toBase64Url(reveal(root))]),
    ),
  );
  return new Redacted(JSON.stringify({ ...roots, active: activeByPurpose }));
}

/** A root as a key to derive from. @throws {KeyringError} when there is no such version. */
export function rootKey(
  subtle: SubtleCrypto,
  keyring: Keyring,
  purpose: KeyPurpose,
  version: number,
): Promise<CryptoKey> {
  const root = keyring.rootsByPurpose[purpose].get(version);
  if (!root) throw new KeyringError(`There is no version ${version} of ${purpose}.`);
  return importHkdfKey(subtle, reveal(root));
}

/** Every version of every purpose, without a secret. */
export function describeKeyring(subtle: SubtleCrypto, keyring: Keyring): Promise<KeyDescription[]> {
  const described = keyPurposes.flatMap((purpose) =>
    [...keyring.rootsByPurpose[purpose]].map(async ([version, root]) => ({
      purpose,
      version,
      isActive: keyring.activeByPurpose[purpose] === version,
      fingerprint: toHex(
        await hkdfSha256(subtle, {
          key: reveal(root),
          salt: new Uint8Array(),
          info: lengthPrefixed(keyLabels.fingerprint, purpose),
          byteLength: fingerprintByteLength,
        }),
      ),
    })),
  );
  return Promise.all(described);
}

function readRoots(purpose: KeyPurpose, value: unknown, seen: Set<string>): Roots {
  const versions = toMembers(value, purpose, null);
  const roots = new Map<number, Redacted<Uint8Array<ArrayBuffer>>>();
  for (const [name, text] of Object.entries(versions)) {
    const place = `${purpose}.${/^\d{1,8}$/.test(name) ? name : "?"}`;
    if (!/^[1-9]\d{0,3}$/.test(name)) {
      throw new KeyringError(`${place} is not a version from 1 to ${maxKeyVersion}.`);
    }
    const bytes = typeof text === "string" ? fromBase64Url(text) : null;
    if (bytes?.length !== rootByteLength) {
      throw new KeyringError(`${place} is not ${rootByteLength} bytes in base64url.`);
    }
    const spelling = toBase64Url(bytes);
    if (seen.has(spelling)) throw new KeyringError(`${place} is the key of another name too.`);
    seen.add(spelling);
    roots.set(Number(name), new Redacted(bytes));
  }
  if (roots.size === 0) throw new KeyringError(`${purpose} has no version.`);
  return roots;
}

/** The members of an object that has those `names` and no other; any names when null. */
function toMembers(
  value: unknown,
  place: string,
  names: readonly string[] | null,
): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new KeyringError(`${place} is not an object.`);
  }
  const missing = names?.find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) throw new KeyringError(`${place} lacks ${missing}.`);
  if (names && Object.keys(value).length > names.length) {
    throw new KeyringError(`${place} has a member that no keyring has.`);
  }
  return value as Record<string, unknown>;
}

function randomRoot(fillRandom: FillRandom): Redacted<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(rootByteLength);
  fillRandom(bytes);
  return new Redacted(bytes);
}

function byPurpose<Value>(toValue: (purpose: KeyPurpose) => Value): Record<KeyPurpose, Value> {
  return {
    kek: toValue("kek"),
    index: toValue("index"),
    audit: toValue("audit"),
    session: toValue("session"),
    suppression: toValue("suppression"),
  };
}
