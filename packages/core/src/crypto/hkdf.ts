/** HKDF (RFC 5869), extract and expand at once, over a WebCrypto that is passed in. */

export interface Derivation {
  readonly hash: "SHA-256" | "SHA-512";
  readonly salt: Uint8Array<ArrayBuffer>;
  /** What the result is for; see `length-prefix.ts` for how to write one. */
  readonly info: Uint8Array<ArrayBuffer>;
  /** 1 to 255 hashes: 8,160 bytes with SHA-256, 16,320 with SHA-512. */
  readonly byteLength: number;
}

export interface HkdfInput extends Omit<Derivation, "hash"> {
  /** The input keying material; the caller wipes it. */
  readonly key: Uint8Array<ArrayBuffer>;
}

/** Takes input keying material in, as a key that can be derived from and not read. */
export function importHkdfKey(
  subtle: SubtleCrypto,
  key: Uint8Array<ArrayBuffer>,
): Promise<CryptoKey> {
  return subtle.importKey("raw", key, "HKDF", false, ["deriveBits"]);
}

/** Derives `byteLength` bytes from a key that {@link importHkdfKey} took in. */
export async function deriveBytes(
  subtle: SubtleCrypto,
  base: CryptoKey,
  { hash, salt, info, byteLength }: Derivation,
): Promise<Uint8Array<ArrayBuffer>> {
  const bits = await subtle.deriveBits({ name: "HKDF", hash, salt, info }, base, byteLength * 8);
  return new Uint8Array(bits);
}

/** Derives bytes with SHA-256 from a key at hand. The platform rejects a length out of bounds. */
export async function hkdfSha256(
  subtle: SubtleCrypto,
  { key, ...derivation }: HkdfInput,
): Promise<Uint8Array<ArrayBuffer>> {
  return deriveBytes(subtle, await importHkdfKey(subtle, key), { hash: "SHA-256", ...derivation });
}
