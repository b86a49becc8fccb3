/** AES-256-GCM (NIST SP 800-38D) with a 96-bit IV and a 128-bit tag, over a WebCrypto that is passed in. */

export const gcmKeyByteLength = 32;
export const gcmIvByteLength = 12;
export const gcmTagByteLength = 16;

export interface GcmInput {
  /** 32 bytes; the caller wipes them. */
  readonly key: Uint8Array<ArrayBuffer>;
  /** 12 bytes, never used twice with the same key. */
  readonly iv: Uint8Array<ArrayBuffer>;
  /** What the ciphertext is bound to; it opens with the same bytes alone. */
  readonly additionalData: Uint8Array<ArrayBuffer>;
}

/** The ciphertext of `plaintext` and then the tag. */
export async function sealGcm(
  subtle: SubtleCrypto,
  { key, iv, additionalData }: GcmInput,
  plaintext: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const cryptoKey = await subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
  const sealed = await subtle.encrypt(
    { name: "AES-GCM", iv, additionalData },
    cryptoKey,
    plaintext,
  );
  return new Uint8Array(sealed);
}

/** The plaintext of `sealed`, or null when key, IV, bound data or any byte of it is another. */
export async function openGcm(
  subtle: SubtleCrypto,
  { key, iv, additionalData }: GcmInput,
  sealed: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (sealed.length < gcmTagByteLength) return null;
  const cryptoKey = await subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
  try {
    return new Uint8Array(
      await subtle.decrypt({ name: "AES-GCM", iv, additionalData }, cryptoKey, sealed),
    );
  } catch (error) {
    // WebCrypto's name for a tag that doesn't fit; anything else is a fault of ours.
    if (error instanceof Error && error.name === "OperationError") return null;
    throw error;
  }
}
