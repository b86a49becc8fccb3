/**
 * The part of a client's address that its requests are counted by: of IPv4 all of it, of IPv6 the
 * first 64 bits (RFC 4291 section 2.5.4: the rest is the client's to choose, and to change at will).
 */

const groupCount = 8;
const networkGroupCount = 4;

const siteGroupCount = 3;

/** A spelling that all addresses of the network have in common; null for what is no IP address. */
export function toClientNetwork(address: string): string | null {
  const octets = readIpv4(address);
  if (octets) return octets.join(".");
  const groups = readIpv6(address);
  if (!groups) return null;
  const [high = 0, low = 0] = groups.slice(6);
  if (isMapped(groups)) return [high >> 8, high & 255, low >> 8, low & 255].join(".");
  return prefixOf(groups, networkGroupCount);
}

/**
 * The same of the IPv6 site that the network is part of: the first 48 bits, which is the most that
 * one customer gets as a rule (RFC 6177), with 65,536 networks in it. Null for IPv4 and what is no address.
 */
export function toClientSite(address: string): string | null {
  const groups = readIpv6(address);
  return !groups || isMapped(groups) ? null : prefixOf(groups, siteGroupCount);
}

function prefixOf(groups: readonly number[], count: number): string {
  const prefix = groups.slice(0, count).map((group) => group.toString(16));
  return `${prefix.join(":")}::/${count * 16}`;
}

/** Whether it is an IPv4 address in IPv6's clothes, `::ffff:0:0/96`. */
function isMapped(groups: readonly number[]): boolean {
  return groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
}

function readIpv4(text: string): number[] | null {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part))) return null;
  const octets = parts.map(Number);
  return octets.every((octet) => octet <= 255) ? octets : null;
}

/** The eight groups of RFC 4291 section 2.2, in any of its three forms; a zone is left out. */
function readIpv6(text: string): number[] | null {
  const [address = ""] = text.split("%");
  const halves = address.split("::");
  if (halves.length > 2 || !address.includes(":")) return null;
  const [head, tail] = halves.map((half, index) => readGroups(half, index === halves.length - 1));
  if (!head) return null;
  if (halves.length === 1) return head.length === groupCount ? head : null;
  if (!tail || head.length + tail.length >= groupCount) return null;
  const gap = Array.from({ length: groupCount - head.length - tail.length }, () => 0);
  return [...head, ...gap, ...tail];
}

/** Groups between colons, of which the last two may be written as IPv4 where the address ends. */
function readGroups(text: string, isLast: boolean): number[] | null {
  if (text === "") return [];
  const parts = text.split(":");
  const groups: number[] = [];
  for (const [index, part] of parts.entries()) {
    const octets = isLast && index === parts.length - 1 ? readIpv4(part) : null;
    if (octets) {
      const [a = 0, b = 0, c = 0, d = 0] = octets;
      groups.push((a << 8) | b, (c << 8) | d);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return null;
  }
  return groups;
}
