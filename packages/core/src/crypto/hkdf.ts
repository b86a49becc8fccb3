/** HKDF with SHA-256 (RFC 5869), extract and expand at once, over a WebCrypto that is passed in. */

export interface HkdfInput {
  /** The input keying material; the caller wipes it. */
  readonly key: Uint8Array<ArrayBuffer>;
  readonly salt: Uint8Array<ArrayBuffer>;
  /** What the result is for; see `length-prefix.ts` for how to write one. */
  readonly info: Uint8Array<ArrayBuffer>;
  /** 1 to 8,160 (255 hashes). */
  readonly byteLength: number;
}

/** Derives `byteLength` bytes. The platform rejects a length out of bounds. */
export async function hkdfSha256(
  subtle: SubtleCrypto,
  { key, salt, info, byteLength }: HkdfInput,
): Promise<Uint8Array<ArrayBuffer>> {
  const base = await subtle.importKey("raw", key, "HKDF", false, ["deriveBits"]);
  const bits = await subtle.deriveBits(
    { name: "HKDF", hash: "SHA-256", salt, info },
    base,
    byteLength * 8,
  );
  return new Uint8Array(bits);
}
