import { type Action, ruleOf, rulesByAction, scopes } from "@hi-stranger/core/contract/actions";
import { describe, expect, it } from "vitest";
import { type Resource, type Setting, decide, isByPower } from "../../src/policy/access.ts";
import { chooseActingPersona } from "../../src/policy/acting-persona.ts";
import { type Person, type Principal, requirePerson } from "../../src/policy/principal.ts";
import { routes } from "../support/api.ts";

const nowMs = 1_000;
const own: Resource = { kind: "profile", profileId: "usr_own111" };
const foreign: Resource = { kind: "profile", profileId: "usr_else11" };

const person: Person = {
  kind: "person",
  personId: "psn_1",
  sessionId: "sgn_1",
  personas: ["usr_own111"],
  roles: [],
  expiresAtMs: 2_000,
  actingAs: null,
};
const token = (holds: (typeof scopes)[number][], expiresAt = 2_000): Principal => ({
  kind: "token",
  tokenId: "tok_1",
  scopes: holds,
  expiresAt,
});

const principals: Record<string, Principal> = {
  nobody: { kind: "anonymous" },
  operator: { kind: "operator" },
  read: token(["profiles:read"]),
  import: token(["profiles:import"]),
  delete: token(["profiles:delete"]),
  audit: token(["audit:read"]),
  expired: token([...scopes], nowMs),
  person,
  moderator: { ...person, roles: ["moderator"] },
  admin: { ...person, roles: ["admin"] },
  both: { ...person, roles: ["moderator", "admin"] },
};

/** What each may do: `own` is yes to what is theirs and not found otherwise; other words are the code of the refusal. */
const tableOfLive = `
  action             nobody  operator read    import  delete  audit   expired person moderator admin both
  service.look       yes     yes      yes     yes     yes     yes     yes     yes    yes       yes   yes
  session.begin      yes     yes      yes     yes     yes     yes     yes     yes    yes       yes   yes
  session.use        session session  session session session session expired own    own       own   own
  account.read       session session  session session session session expired own    own       own   own
  account.write      session session  session session session session expired own    own       own   own
  profiles.read      token   scope    yes     scope   scope   scope   expired yes    yes       yes   yes
  profiles.readWhole token   scope    yes     scope   scope   scope   expired own    own       yes   yes
  profiles.readAll   token   scope    yes     scope   scope   scope   expired role   role      yes   yes
  profiles.keepOwn   session session  session session session session expired own    own       own   own
  profiles.delete    token   scope    scope   scope   yes     scope   expired own    own       yes   yes
  profiles.import    token   scope    scope   yes     scope   scope   expired role   role      yes   yes
  imports.read       token   scope    scope   yes     scope   scope   expired role   role      yes   yes
  tokens.manage      token   yes      scope   scope   scope   scope   expired role   role      yes   yes
  keys.manage        token   yes      scope   scope   scope   scope   expired role   role      yes   yes
  roles.manage       token   yes      scope   scope   scope   scope   expired role   role      yes   yes
  audit.read         token   scope    scope   scope   scope   yes     expired role   role      yes   yes
`;

const codesByWord: Record<string, string> = {
  session: "session_missing",
  token: "token_missing",
  scope: "scope_missing",
  expired: "token_expired",
  role: "role_missing",
};

const [headings = [], ...rows] = tableOfLive
  .trim()
  .split("\n")
  .map((line) => line.trim().split(/\s+/));
const cells = rows.flatMap(([action = "", ...words]) =>
  words.map((word, index) => ({ action, who: headings[index + 1] ?? "", word })),
);

function answer(who: string, action: string, resource: Resource, setting: Partial<Setting> = {}) {
  const principal = principals[who];
  if (!principal) throw new Error(`there is no ${who}`);
  const inLive = { mode: "live", environment: "production", nowMs, ...setting } as const;
  const decision = decide(principal, action as Action, resource, inLive);
  return decision.isAllowed ? "yes" : decision.code;
}

describe("the table", () => {
  it("has a row for every action, a column for every principal, and every cell", () => {
    expect(rows.map(([action]) => action)).toEqual(Object.keys(rulesByAction));
    expect(headings.slice(1)).toEqual(Object.keys(principals));
    expect(cells).toHaveLength(Object.keys(rulesByAction).length * Object.keys(principals).length);
  });

  it.each(cells)("$who: $action is $word", ({ who, action, word }) => {
    const expected = codesByWord[word] ?? "yes";
    expect(answer(who, action, own)).toBe(expected);
    expect(answer(who, action, null)).toBe(expected);
    expect(answer(who, action, foreign)).toBe(word === "own" ? "profile_not_found" : expected);
  });

  it("audits everything that takes a power of admins or the operator, and nothing else but reading the log", () => {
    for (const action of Object.keys(rulesByAction) as Action[]) {
      const { operator, admin, person: anyone, scope, isAudited } = ruleOf(action);
      const isForFew = operator === true || (admin !== undefined && !anyone && !scope);
      expect([action, isAudited === true]).toEqual([action, isForFew || action === "audit.read"]);
    }
  });

  it.each(routes.map((route) => [route.id, route] as const))("decides on %s", (_, route) => {
    expect(rows.map(([action]) => action)).toContain(route.action);
  });
});

describe("a power", () => {
  const isPower = (who: string, action: Action, resource: Resource) => {
    const principal = principals[who];
    if (!principal) throw new Error(`there is no ${who}`);
    return isByPower(principal, action, resource, {
      mode: "live",
      environment: "production",
      nowMs,
    });
  };

  it("is what an admin may and others mayn't, and what few may at all", () => {
    expect(isPower("admin", "profiles.readWhole", foreign)).toBe(true);
    expect(isPower("admin", "profiles.delete", foreign)).toBe(true);
    expect(isPower("admin", "profiles.import", null)).toBe(true);
    for (const who of ["operator", "admin"]) {
      expect(isPower(who, "tokens.manage", null)).toBe(true);
    }
    expect(isPower("audit", "audit.read", null)).toBe(true);
  });

  it("is nothing that the caller may do anyway", () => {
    expect(isPower("admin", "profiles.readWhole", own)).toBe(false);
    expect(isPower("both", "profiles.read", foreign)).toBe(false);
    expect(isPower("moderator", "session.use", null)).toBe(false);
    expect(isPower("person", "profiles.delete", own)).toBe(false);
    expect(isPower("import", "profiles.import", null)).toBe(false);
    expect(isPower("nobody", "service.look", null)).toBe(false);
  });
});

describe("in the prototype", () => {
  const openReads = new Set(["profiles.read", "profiles.readWhole", "profiles.readAll"]);
  openReads.add("imports.read");

  it.each(Object.keys(rulesByAction))("%s follows the operator's secret, or is open", (action) => {
    const rule = ruleOf(action as Action);
    const isPublic = rule.isOpen === true;
    const forOperator = isPublic || rule.scope !== undefined || rule.operator === true;
    for (const environment of ["local", "preview", "production"] as const) {
      const setting = { mode: "prototype", environment } as const;
      const isOpen = isPublic || (environment === "local" && openReads.has(action));
      expect(answer("nobody", action, own, setting) === "yes").toBe(isOpen);
      expect(answer("operator", action, own, setting) === "yes").toBe(isOpen || forOperator);
    }
  });
});

describe("the acting persona", () => {
  it.each([
    [["a"], null, "a"],
    [[], null, null],
    [["a", "b"], null, null],
    [["a", "b"], "b", "b"],
    [["a", "b"], "c", undefined],
    [[], "c", undefined],
    [["a"], "", undefined],
  ])("of %j when the header says %j is %j", (personas, named, chosen) => {
    expect(chooseActingPersona(personas, named)).toBe(chosen);
  });
});

it("only a person passes for one", () => {
  const { people = [], others = [] } = Object.groupBy(Object.values(principals), ({ kind }) =>
    kind === "person" ? "people" : "others",
  );
  expect(people.map(requirePerson)).toEqual(people);
  for (const other of others) expect(() => requirePerson(other)).toThrow(/Sign in/);
});
