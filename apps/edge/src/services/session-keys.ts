/** The keys of sessions: derived from the keyring's `session` roots, each once an isolate (docs/envelope.md). */
import { deriveBytes } from "@hi-stranger/core/crypto/hkdf";
import { type Keyring, rootKey } from "@hi-stranger/core/crypto/keyring";
import { keyLabels } from "@hi-stranger/core/crypto/labels";
import { lengthPrefixed } from "@hi-stranger/core/crypto/length-prefix";

const labels = [keyLabels.accessToken, keyLabels.refreshToken, keyLabels.csrfToken] as const;
export type SessionKeyLabel = (typeof labels)[number];

export interface SessionKeys {
  /** The version that new tokens are made with. */
  readonly activeVersion: number;
  /** An HMAC-SHA-256 key, or null when there is no such version (any more). */
  find(label: SessionKeyLabel, version: number): Promise<CryptoKey | null>;
  /** The active version's. */
  active(label: SessionKeyLabel): Promise<CryptoKey>;
}

export interface SessionKeyOptions {
  readonly environment: string;
  readonly keyring: Keyring;
  readonly subtle: SubtleCrypto;
}

export function createSessionKeys({
  environment,
  keyring,
  subtle,
}: SessionKeyOptions): SessionKeys {
  const activeVersion = keyring.activeByPurpose.session;
  const known = new Map<string, Promise<CryptoKey>>();

  async function derive(label: SessionKeyLabel, version: number): Promise<CryptoKey> {
    const key = await deriveBytes(subtle, await rootKey(subtle, keyring, "session", version), {
      hash: "SHA-256",
      salt: new Uint8Array(),
      info: lengthPrefixed(label, environment),
      byteLength: 32,
    });
    const algorithm = { name: "HMAC", hash: "SHA-256" } as const;
    const hmacKey = await subtle.importKey("raw", key, algorithm, false, ["sign", "verify"]);
    key.fill(0);
    return hmacKey;
  }

  function obtain(label: SessionKeyLabel, version: number): Promise<CryptoKey> {
    const name = `${label} ${version}`;
    let key = known.get(name);
    if (!key) {
      key = derive(label, version);
      known.set(name, key);
    }
    return key;
  }

  return {
    activeVersion,
    active: (label) => obtain(label, activeVersion),
    async find(label, version) {
      return keyring.rootsByPurpose.session.has(version) ? obtain(label, version) : null;
    },
  };
}
