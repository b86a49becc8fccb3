/**
 * The names that limits are kept by: an HMAC of whom they are about, so that neither the names of
 * objects nor anything in them tells an address or joins a person to their sessions (docs/envelope.md).
 *
 * Names of networks and mail addresses change at midnight UTC, by the day in their key's salt: what
 * is counted today can't be joined with yesterday. That also ends a block of a network at midnight.
 */
import { toBase64Url } from "@hi-stranger/core/codec/bytes";
import { toInstant } from "@hi-stranger/core/clock";
import { deriveBytes } from "@hi-stranger/core/crypto/hkdf";
import { type Keyring, rootKey } from "@hi-stranger/core/crypto/keyring";
import { keyLabels } from "@hi-stranger/core/crypto/labels";
import { lengthPrefixed } from "@hi-stranger/core/crypto/length-prefix";

/** Whom a name is about. */
export type SubjectKind =
  "network" | "attempts" | "mail" | "person" | "session" | "token" | "operator" | "deployment";

/** Those whose names change daily. */
const passing: ReadonlySet<SubjectKind> = new Set(["network", "attempts", "mail"]);

/** Whether a kind's ids are of networks and mail addresses, which are kept nowhere. */
export function isPassing(kind: SubjectKind): boolean {
  return passing.has(kind);
}

export interface SubjectNames {
  /** 43 characters of base64url. */
  nameOf(kind: SubjectKind, id: string, nowMs: number): Promise<string>;
}

export interface SubjectNameOptions {
  readonly environment: string;
  readonly keyring: Keyring;
  readonly subtle: SubtleCrypto;
}

const encoder = new TextEncoder();

export function createSubjectNames(options: SubjectNameOptions): SubjectNames {
  const { environment, keyring, subtle } = options;
  /** The key of names that stay, and that of the last day asked for. */
  const keysBySalt = new Map<string, CryptoKey>();

  async function keyOf(salt: string): Promise<CryptoKey> {
    const known = keysBySalt.get(salt);
    if (known) return known;
    const root = await rootKey(subtle, keyring, "session", keyring.activeByPurpose.session);
    const bytes = await deriveBytes(subtle, root, {
      hash: "SHA-256",
      salt: new Uint8Array(encoder.encode(salt)),
      info: lengthPrefixed(keyLabels.limitSubject, environment),
      byteLength: 32,
    });
    const algorithm = { name: "HMAC", hash: "SHA-256" } as const;
    const key = await subtle.importKey("raw", bytes, algorithm, false, ["sign"]);
    bytes.fill(0);
    for (const each of keysBySalt.keys()) if (each !== "" && salt !== "") keysBySalt.delete(each);
    keysBySalt.set(salt, key);
    return key;
  }

  return {
    async nameOf(kind, id, nowMs) {
      const key = await keyOf(isPassing(kind) ? toInstant(nowMs).slice(0, 10) : "");
      return toBase64Url(new Uint8Array(await subtle.sign("HMAC", key, lengthPrefixed(kind, id))));
    },
  };
}
