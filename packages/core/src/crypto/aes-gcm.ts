/** AES-256-GCM (NIST SP 800-38D) with a 96-bit IV and a 128-bit tag, over a WebCrypto that is passed in. */

export const gcmKeyByteLength = 32;
export const gcmIvByteLength = 12;
export const gcmTagByteLength = 16;

export interface GcmInput {
  /** 32 bytes, which the caller wipes, or a key that {@link importGcmKey} took in. */
  readonly key: Uint8Array<ArrayBuffer> | CryptoKey;
  /** 12 bytes, never used twice with the same key. */
  readonly iv: Uint8Array<ArrayBuffer>;
  /** What the ciphertext is bound to; it opens with the same bytes alone. */
  readonly additionalData: Uint8Array<ArrayBuffer>;
}

/** Takes 32 bytes in, as a key that can't be read. */
export function importGcmKey(
  subtle: SubtleCrypto,
  key: Uint8Array<ArrayBuffer>,
): Promise<CryptoKey> {
  return subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** The ciphertext of `plaintext` and then the tag. */
export async function sealGcm(
  subtle: SubtleCrypto,
  { key, iv, additionalData }: GcmInput,
  plaintext: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const parameters = { name: "AES-GCM", iv, additionalData } as const;
  return new Uint8Array(await subtle.encrypt(parameters, await toKey(subtle, key), plaintext));
}

/** The plaintext of `sealed`, or null when key, IV, bound data or any byte of it is another. */
export async function openGcm(
  subtle: SubtleCrypto,
  { key, iv, additionalData }: GcmInput,
  sealed: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (sealed.length < gcmTagByteLength) return null;
  const cryptoKey = await toKey(subtle, key);
  const parameters = { name: "AES-GCM", iv, additionalData } as const;
  try {
    return new Uint8Array(await subtle.decrypt(parameters, cryptoKey, sealed));
  } catch (error) {
    // WebCrypto's name for a tag that doesn't fit; anything else is a fault of ours.
    if (error instanceof Error && error.name === "OperationError") return null;
    throw error;
  }
}

async function toKey(subtle: SubtleCrypto, key: GcmInput["key"]): Promise<CryptoKey> {
  return key instanceof Uint8Array ? importGcmKey(subtle, key) : key;
}
