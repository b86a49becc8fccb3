/**
 * Every action that the API knows, and who may do it. A route names its action, the edge's `decide`
 * answers by this table, and the reference page and OpenAPI tell of it.
 *
 * What a rule doesn't name is refused. In the prototype there are no people and no tokens: the
 * operator's secret stands for every scope there.
 */

/** What a service token may be allowed to do. */
export const scopes = [
  "profiles:read",
  "profiles:import",
  "profiles:delete",
  "audit:read",
] as const;
export type Scope = (typeof scopes)[number];

/** What a person may be besides a participant. */
export const roles = ["moderator", "admin"] as const;
export type Role = (typeof roles)[number];

/** Everyone's things, or the caller's own alone. */
export type Reach = "any" | "own";

export interface ActionRule {
  /** Whoever calls, known or not. */
  readonly isOpen?: true;
  /** Tokens that have this scope. */
  readonly scope?: Scope;
  /** A prototype that runs locally lets everyone. */
  readonly isOpenInPrototype?: true;
  /** Whoever holds the operator's secret. */
  readonly operator?: true;
  /** Anyone who is signed in. */
  readonly person?: Reach;
  readonly moderator?: Reach;
  readonly admin?: Reach;
  /** Every call stands in the audit log, and so does every refusal of somebody who is known. */
  readonly isAudited?: true;
}

export const rulesByAction = {
  "service.look": { isOpen: true },
  "session.begin": { isOpen: true },
  "session.use": { person: "own" },
  "account.read": { person: "own" },
  "account.write": { person: "own" },
  /** Personas as strangers see them. */
  "profiles.read": {
    scope: "profiles:read",
    isOpenInPrototype: true,
    person: "any",
    moderator: "any",
    admin: "any",
  },
  /** One persona with what strangers don't see of it. */
  "profiles.readWhole": {
    scope: "profiles:read",
    isOpenInPrototype: true,
    person: "own",
    moderator: "own",
    admin: "any",
  },
  /** All personas, whole. */
  "profiles.readAll": { scope: "profiles:read", isOpenInPrototype: true, admin: "any" },
  "profiles.keepOwn": { person: "own" },
  "profiles.delete": {
    scope: "profiles:delete",
    person: "own",
    moderator: "own",
    admin: "any",
  },
  "profiles.import": { scope: "profiles:import", admin: "any" },
  "imports.read": { scope: "profiles:import", isOpenInPrototype: true, admin: "any" },
  "tokens.manage": { operator: true, admin: "any", isAudited: true },
  "keys.manage": { operator: true, admin: "any", isAudited: true },
  "roles.manage": { operator: true, admin: "any", isAudited: true },
  /** The audit log, without the names behind its pseudonyms. */
  "audit.read": { scope: "audit:read", admin: "any", isAudited: true },
} as const satisfies Readonly<Record<string, ActionRule>>;

export type Action = keyof typeof rulesByAction;

/** The rule of an action. */
export function ruleOf(action: Action): ActionRule {
  return rulesByAction[action];
}

/** Whether a person, in whatever role, may do it. */
export function isForPeople({ person, moderator, admin }: ActionRule): boolean {
  return (person ?? moderator ?? admin) !== undefined;
}
