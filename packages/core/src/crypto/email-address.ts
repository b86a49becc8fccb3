/**
 * E-mail addresses in the one spelling that the blind index takes, version 1: trimmed; an ASCII local
 * part in lower case, any other as it is; the domain by UTS 46 ToASCII. Dots and tags of the local
 * part stay, because only the mailbox's own server knows whether they matter.
 *
 * Refuses what RFC 5321 has no room for, quoted local parts and address literals.
 */
import { utf8ByteLength } from "../codec/bytes.ts";

export const emailNormaliserVersion = 1;
/** RFC 5321 section 4.5.3.1, less the angle brackets of a path. */
const maxAddressBytes = 254;
const maxLocalPartBytes = 64;
const maxDomainLength = 253;

/** RFC 5322 `atext` and dots between, or any text beyond ASCII (RFC 6531); `\p{C}` and `\p{Z}` hide things. */
const localPartPattern =
  /^(?!\.)(?!.*\.\.)(?:[\w!#$%&'*+/=?^`{|}~.-]|(?![\p{C}\p{Z}])[^\0-\x7f])+(?<!\.)$/u;
/** What no domain holds, and what would end one inside a URL. */
const foreignToDomain = /[^\p{L}\p{M}\p{N}.-]/u;
const domainPattern =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** The address in its one spelling, or null when `text` isn't an address. */
export function normaliseEmail(text: string): string | null {
  const trimmed = text.trim();
  if (utf8ByteLength(trimmed) > maxAddressBytes || !trimmed.isWellFormed()) return null;
  const at = trimmed.lastIndexOf("@");
  const localPart = trimmed.slice(0, Math.max(at, 0));
  const domain = toAsciiDomain(trimmed.slice(at + 1));
  if (domain === null || !localPartPattern.test(localPart)) return null;
  if (utf8ByteLength(localPart) > maxLocalPartBytes) return null;
  const isAscii = utf8ByteLength(localPart) === localPart.length;
  const address = `${isAscii ? localPart.toLowerCase() : localPart}@${domain}`;
  return utf8ByteLength(address) > maxAddressBytes ? null : address;
}

/** UTS 46 ToASCII as the URL standard has it, which every runtime brings along. */
function toAsciiDomain(domain: string): string | null {
  if (domain === "" || foreignToDomain.test(domain)) return null;
  let ascii: string;
  try {
    ascii = new URL(`http://${domain}`).hostname;
  } catch {
    // Not a host by the URL standard.
    return null;
  }
  return ascii.length <= maxDomainLength && domainPattern.test(ascii) ? ascii : null;
}
