import { fromBase64Url, toBase64Url } from "@hi-stranger/core/codec/bytes";
import { platformRandom } from "@hi-stranger/core/codec/ids";
import { type Keyring, createKeyring, readKeyring } from "@hi-stranger/core/crypto/keyring";
import { Redacted } from "@hi-stranger/core/crypto/redacted";
import { describe, expect, it } from "vitest";
import type { Principal } from "../../src/policy/principal.ts";
import { type OwnKey, createOnceSeals } from "../../src/services/once-seals.ts";

const { subtle } = crypto;

const person = (personId: string): Principal => ({
  kind: "person",
  personId,
  sessionId: "sgn_1",
  personas: [],
  roles: [],
  expiresAtMs: 0,
  actingAs: null,
});

function openSeals(keyring: Keyring, environment = "test", fillRandom = platformRandom) {
  return createOnceSeals({ environment, subtle, fillRandom, requireKeyring: () => keyring });
}

const keyring = createKeyring(platformRandom);
const seals = openSeals(keyring);
const own: OwnKey = { principal: person("psn_1"), routeId: "saveOwnProfile", key: "a key" };
const request = { method: "POST", path: "/api/me/profiles", query: "", body: '{"a":1}' };
const others: readonly OwnKey[] = [
  { ...own, principal: person("psn_2") },
  { ...own, principal: { kind: "token", tokenId: "psn_1", scopes: [], expiresAt: 0 } },
  { ...own, principal: { kind: "operator" } },
  { ...own, routeId: "createToken" },
  { ...own, key: "a ke" },
  { ...own, routeId: "saveOwnProfilea", key: " key" },
];

describe("what is kept of a request with an idempotency key", () => {
  it("has a name that differs by caller, route, key, environment and keyring", async () => {
    const made = await Promise.all([
      seals.nameOf(own),
      ...others.map((each) => seals.nameOf(each)),
      openSeals(keyring, "preview").nameOf(own),
      openSeals(createKeyring(platformRandom)).nameOf(own),
    ]);
    expect(new Set(made).size).toBe(made.length);
    expect(await seals.nameOf({ ...own })).toBe(made[0]);
  });

  it("has a fingerprint that differs by every part of the request, and by its name", async () => {
    const made = await Promise.all([
      seals.fingerprintOf("n", request),
      seals.fingerprintOf("m", request),
      seals.fingerprintOf("n", { ...request, method: "PUT" }),
      seals.fingerprintOf("n", { ...request, path: "/api/me/profile" }),
      seals.fingerprintOf("n", { ...request, query: "?a" }),
      seals.fingerprintOf("n", { ...request, body: '{"a":2}' }),
    ]);
    expect(new Set(made).size).toBe(made.length);
  });

  it("has an answer that opens to its key and in its place alone, whichever bit is flipped", async () => {
    const place = { name: "n", fingerprint: "f" };
    const sealed = await seals.seal(own, place, "the answer");
    expect(await seals.open(own, place, sealed)).toBe("the answer");
    for (const other of others) expect(await seals.open(other, place, sealed)).toBeNull();
    expect(await seals.open(own, { ...place, name: "m" }, sealed)).toBeNull();
    expect(await seals.open(own, { ...place, fingerprint: "g" }, sealed)).toBeNull();
    expect(await openSeals(keyring, "preview").open(own, place, sealed)).toBeNull();
    const bytes = fromBase64Url(sealed.slice(4)) ?? new Uint8Array();
    expect(bytes.length).toBe(12 + "the answer".length + 16);
    for (let at = 0; at < bytes.length * 8; at += 1) {
      const flipped = bytes.slice();
      flipped[at >> 3] = (flipped[at >> 3] ?? 0) ^ (1 << (at & 7));
      expect(await seals.open(own, place, `oa1.${toBase64Url(flipped)}`)).toBeNull();
    }
    for (const bad of ["", "oa1.", "oa1.AA", sealed.slice(4), `${sealed}=`, sealed.slice(0, -1)]) {
      expect(await seals.open(own, place, bad)).toBeNull();
    }
  });

  it("is sealed with another IV each time", async () => {
    const place = { name: "n", fingerprint: "f" };
    const made = await Promise.all(Array.from({ length: 20 }, () => seals.seal(own, place, "x")));
    expect(new Set(made.map((text) => text.slice(4, 20))).size).toBe(20);
  });

  it("is as documented", async () => {
    const root = (first: number) =>
      toBase64Url(Uint8Array.from({ length: 32 }, (_, index) => first + index));
    const purposes = ["kek", "index", "audit", "session", "suppression"];
    const document = {
      ...Object.fromEntries(purposes.map((purpose, index) => [purpose, { 1: root(index * 32) }])),
      active: Object.fromEntries(purposes.map((purpose) => [purpose, 1])),
    };
    const frozenRing = readKeyring(new Redacted(JSON.stringify(document)));
    const frozen = openSeals(frozenRing, "test", (bytes) => {
      bytes.forEach((_, index) => (bytes[index] = 0xc0 + index));
    });
    // Computed once by Node's crypto, not by this code.
    const name = "1.-KnbCvBRBSIvU8eN4qlPcXn9rQT9mZefP2J7Bt1N1TQ";
    const fingerprint = "ldXm3k1hc0al-huKtGDIV1MPCYV2kf9I7dK6K0Vm13I";
    const sealed = "oa1.wMHCw8TFxsfIycrLi3bxuG45ia88BKd4tAMVpJZXtb1rnEvq1OK-WtAJcMsglCYAC6d4lRs3";
    expect(await frozen.nameOf(own)).toBe(name);
    expect(await frozen.fingerprintOf(name, request)).toBe(fingerprint);
    const answer = '{"status":201,"body":"{}"}';
    expect(await frozen.seal(own, { name, fingerprint }, answer)).toBe(sealed);
    expect(await frozen.open(own, { name, fingerprint }, sealed)).toBe(answer);
  });
});
