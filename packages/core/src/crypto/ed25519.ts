/** Ed25519 (RFC 8032) with keys made of a seed, over a WebCrypto that is passed in. */
import { fromBase64Url } from "../codec/bytes.ts";

export const seedByteLength = 32;
export const publicKeyByteLength = 32;
export const signatureByteLength = 64;

/** What stands before the seed in a PKCS #8 document of an Ed25519 key (RFC 8410 section 7). */
const pkcs8Head = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];

export interface SigningKey {
  /** Signs and can't be read. */
  readonly privateKey: CryptoKey;
  readonly publicKey: Uint8Array<ArrayBuffer>;
}

/** The key of `seed`, 32 bytes, which the caller wipes. */
export async function signingKeyOf(
  subtle: SubtleCrypto,
  seed: Uint8Array<ArrayBuffer>,
): Promise<SigningKey> {
  const document = new Uint8Array([...pkcs8Head, ...seed]);
  const privateKey = await subtle.importKey("pkcs8", document, "Ed25519", false, ["sign"]);
  // WebCrypto derives a public key on the way out alone, so a second, readable key is made and let go.
  const readable = await subtle.importKey("pkcs8", document, "Ed25519", true, ["sign"]);
  document.fill(0);
  const exported = await subtle.exportKey("jwk", readable);
  const publicKey = "x" in exported ? fromBase64Url(exported.x ?? "") : null;
  if (publicKey?.length !== publicKeyByteLength) throw new Error("the key has no public part");
  return { privateKey, publicKey };
}

/** The signature, 64 bytes; the same bytes always get the same one. */
export async function signEd25519(
  subtle: SubtleCrypto,
  { privateKey }: SigningKey,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await subtle.sign("Ed25519", privateKey, bytes));
}

/** Whether `signature` is that of `bytes` by the holder of `publicKey`; false too for a key that is none. */
export async function verifyEd25519(
  subtle: SubtleCrypto,
  publicKey: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const hasLengths =
    publicKey.length === publicKeyByteLength && signature.length === signatureByteLength;
  if (!hasLengths) return false;
  const key = await subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);
  return subtle.verify("Ed25519", key, signature, bytes);
}
