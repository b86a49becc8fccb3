/** Base64 without padding, in the alphabet of the PHC string format (RFC 4648 section 4). */
import { fromBase64Url, toBase64Url } from "@hi-stranger/core/codec/bytes";

export function base64Text(bytes: Uint8Array): string {
  return toBase64Url(bytes).replaceAll("-", "+").replaceAll("_", "/");
}

/** The bytes of `text`, or null when it isn't their one unpadded spelling. */
export function fromBase64Text(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.includes("-") || text.includes("_")) return null;
  return fromBase64Url(text.replaceAll("+", "-").replaceAll("/", "_"));
}
