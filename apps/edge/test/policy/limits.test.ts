import { limitClassOf, limitClasses } from "@hi-stranger/core/contract/limit-classes";
import { StoreError } from "@hi-stranger/core/errors";
import { describe, expect, it } from "vitest";
import { defaultLimits, readLimits, thresholdOf } from "../../src/policy/limits.ts";
import { routes } from "../support/api.ts";

describe("the limits", () => {
  it("are the defaults without the variable", () => {
    expect(readLimits(undefined)).toEqual(defaultLimits);
    expect(readLimits(" ")).toEqual(defaultLimits);
    expect(readLimits("{}")).toEqual(defaultLimits);
  });

  it("change where the variable says so, and nowhere else", () => {
    const limits = readLimits(
      JSON.stringify({
        person: { read: { requests: 7, window_seconds: 30 } },
        signals: {
          missing_id: { floor: 3, ceiling: 9 },
          import: { floor: 3, ceiling: 9, per_day: 12 },
        },
      }),
    );
    expect(limits.byTier.person.read).toEqual({ requests: 7, windowSeconds: 30 });
    expect(limits.byTier.person.write).toEqual(defaultLimits.byTier.person.write);
    expect(limits.byTier.address).toEqual(defaultLimits.byTier.address);
    expect(limits.bySignal.missing_id).toEqual({ floor: 3, ceiling: 9, perDay: 500 });
    expect(limits.bySignal.import).toEqual({ floor: 3, ceiling: 9, perDay: 12 });
    expect(limits.bySignal.export).toEqual(defaultLimits.bySignal.export);
  });

  it.each([
    ["{", "is not a JSON text"],
    ["[]", "is not an object"],
    ["null", "is not an object"],
    ['{"people":{}}', "has a member other than"],
    ['{"mail":{"read":{"requests":1,"window_seconds":1}}}', "mail has a member other than sign_in"],
    ['{"deployment":{"read":{"requests":1,"window_seconds":1}}}', "deployment has a member other"],
    ['{"person":{"reed":{}}}', "person has a member other than"],
    ['{"person":{"read":5}}', "person.read is not an object"],
    [
      '{"person":{"read":{"requests":0,"window_seconds":1}}}',
      "person.read.requests is not a whole",
    ],
    ['{"person":{"read":{"requests":1.5,"window_seconds":1}}}', "person.read.requests"],
    ['{"person":{"read":{"requests":1000000001,"window_seconds":1}}}', "from 1 to 1000000000"],
    ['{"person":{"read":{"requests":1,"window_seconds":86401}}}', "from 1 to 86400"],
    ['{"person":{"read":{"requests":1}}}', "person.read.window_seconds"],
    ['{"signals":{"export":{"floor":5,"ceiling":4}}}', "signals.export has a ceiling below"],
  ])("refuse %s and say where it is wrong", (text, message) => {
    expect(() => readLimits(text)).toThrow(StoreError);
    expect(() => readLimits(text)).toThrow(message);
  });

  it("are higher for services than for people, and for people than for networks", () => {
    const { address, site, person, service } = defaultLimits.byTier;
    for (const name of limitClasses) {
      expect(site[name].requests).toBeGreaterThanOrEqual(10 * address[name].requests);
    }
    for (const name of ["read", "write"] as const) {
      expect(service[name].requests).toBeGreaterThan(person[name].requests);
      expect(person[name].requests).toBeGreaterThan(address[name].requests);
    }
    expect(thresholdOf(defaultLimits, "missing_id", "service").floor).toBe(1_000);
    expect(thresholdOf(defaultLimits, "missing_id", "person").floor).toBe(100);
  });
});

describe("the class of a route", () => {
  it("is what the route says or does", () => {
    const classes = Object.fromEntries(routes.map((route) => [route.id, limitClassOf(route)]));
    expect(classes).toMatchObject({
      getProfile: "read",
      getSession: "read",
      ping: "read",
      saveOwnProfile: "write",
      deleteProfile: "write",
      refreshSession: "write",
      requestMagicLink: "sign_in",
      verifyMagicLink: "write",
      importProfiles: "import",
      importBulk: "import",
      exportProfiles: "export",
      createToken: "admin",
      listTokens: "admin",
      listAuditEntries: "admin",
      listAuditCheckpoints: "admin",
    });
  });
});
