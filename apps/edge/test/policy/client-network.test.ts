import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toClientNetwork, toClientSite } from "../../src/policy/client-network.ts";

describe("the network of a client", () => {
  it.each([
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["::FFFF:c000:201", "192.0.2.1"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:DB8:0001:0002::", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["::", "0:0:0:0::/64"],
    ["64:ff9b::192.0.2.33", "64:ff9b:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ])("of %s is %s", (address, network) => {
    expect(toClientNetwork(address)).toBe(network);
  });

  it.each([
    "",
    "none",
    "192.0.2",
    "192.0.2.256",
    "192.0.2.01",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1::2::3",
    "1:2:3:4:5:6:7::8",
    "12345::",
    "g::",
    "1.2.3.4::",
    "example.org",
  ])("of %j, which is no address, is null", (text) => {
    expect(toClientNetwork(text)).toBeNull();
  });

  it.each([
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"],
    ["2001:DB8:0001:ffff::", "2001:db8:1::/48"],
    ["2001:db8::1", "2001:db8:0::/48"],
    ["192.0.2.1", null],
    ["::ffff:192.0.2.1", null],
    ["none", null],
  ])("of %s is in the site %s", (address, site) => {
    expect(toClientSite(address)).toBe(site);
  });

  it("is the same for all addresses that share 64 bits, and another for the next network", () => {
    const groups = (length: number) =>
      fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: length, maxLength: length });
    // Not in ::/64, where IPv4 addresses are mapped to.
    const network = groups(4).filter((each) => each.some((group) => group > 0));
    fc.assert(
      fc.property(network, groups(4), groups(4), (prefix, left, right) => {
        const spell = (rest: number[], first = prefix[3] ?? 0) =>
          [...prefix.slice(0, 3), first, ...rest].map((group) => group.toString(16)).join(":");
        expect(toClientNetwork(spell(left))).not.toBeNull();
        expect(toClientNetwork(spell(left))).toBe(toClientNetwork(spell(right)));
        const next = ((prefix[3] ?? 0) + 1) & 0xffff;
        expect(toClientNetwork(spell(left, next))).not.toBe(toClientNetwork(spell(left)));
      }),
    );
  });
});
