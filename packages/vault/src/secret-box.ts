/**
 * AES-256-GCM (NIST SP 800-38D) with a 96-bit IV and a 128-bit tag, over the platform's WebCrypto.
 *
 * A key seals few boxes, each with a fresh random IV, or one stream with counted ones.
 */

export const ivByteLength = 12;
export const tagByteLength = 16;

export interface BoxKey {
  /** 32 bytes; the caller wipes them. */
  readonly key: Uint8Array<ArrayBuffer>;
  /** 12 bytes, never used twice with the same key. */
  readonly iv: Uint8Array<ArrayBuffer>;
  /** What the box is bound to; it opens with the same bytes alone. */
  readonly additionalData: Uint8Array<ArrayBuffer>;
}

/** The ciphertext of `plaintext` and then the tag. */
export async function sealBox(
  subtle: SubtleCrypto,
  { key, iv, additionalData }: BoxKey,
  plaintext: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const cryptoKey = await subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
  return new Uint8Array(
    await subtle.encrypt({ name: "AES-GCM", iv, additionalData }, cryptoKey, plaintext),
  );
}

/** The plaintext of `sealed`, or null when key, IV, bound data or any byte of it is another. */
export async function openBox(
  subtle: SubtleCrypto,
  { key, iv, additionalData }: BoxKey,
  sealed: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (sealed.length < tagByteLength) return null;
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
