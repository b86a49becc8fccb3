/** Who may do what: one pure decision, by the table in `core/contract/actions.ts`. */
import {
  type Action,
  type ActionRule,
  type Reach,
  ruleOf,
} from "@hi-stranger/core/contract/actions";
import type { ErrorCode } from "@hi-stranger/core/errors";
import type { Person, Principal, TokenHolder } from "./principal.ts";

/** What it is done to: one persona, or null for what is the caller's own and for what is everyone's. */
export type Resource = { readonly kind: "profile"; readonly profileId: string } | null;

export type Decision =
  | { readonly isAllowed: true }
  | { readonly isAllowed: false; readonly code: ErrorCode; readonly detail: string };

/** Where and when the question is asked. */
export interface Setting {
  readonly mode: "live" | "prototype";
  readonly environment: "local" | "preview" | "production";
  readonly nowMs: number;
}

const allow: Decision = { isAllowed: true };

/** Decides whether `principal` may do `action` to `resource`. What is not theirs is refused as if it weren't there. */
export function decide(
  principal: Principal,
  action: Action,
  resource: Resource,
  setting: Setting,
): Decision {
  const rule = ruleOf(action);
  if (rule.isOpen) return allow;
  if (principal.kind === "token" && principal.expiresAt <= setting.nowMs) {
    return deny("token_expired", "Make a new one with `hi token create`.");
  }
  const { mode, environment } = setting;
  if (mode === "prototype" && rule.isOpenInPrototype && environment === "local") return allow;
  switch (principal.kind) {
    case "anonymous":
      return refuseStranger(rule, mode);
    case "operator":
      return decideOperator(rule, mode);
    case "token":
      return decideToken(principal, rule);
    case "person":
      return decidePerson(principal, rule, resource);
    default:
      return principal satisfies never;
  }
}

/** Whether the caller, who may do it, may do it by a power alone: that of a role, or one that only few have. */
export function isByPower(
  principal: Principal,
  action: Action,
  resource: Resource,
  setting: Setting,
): boolean {
  if (ruleOf(action).isAudited) return true;
  if (principal.kind !== "person" || principal.roles.length === 0) return false;
  return !decide({ ...principal, roles: [] }, action, resource, setting).isAllowed;
}

function refuseStranger(rule: ActionRule, mode: Setting["mode"]): Decision {
  if (rule.operator) {
    return deny("token_missing", "This needs the operator's secret as bearer token.");
  }
  if (rule.scope === undefined) return refuseWithoutPerson();
  return deny(
    "token_missing",
    mode === "prototype"
      ? "The prototype takes the operator's secret as bearer token; locally it is in `.dev.vars`, and reads need none."
      : `Sign in, or send \`Authorization: Bearer …\` with a token that has the scope \`${rule.scope}\`.`,
  );
}

function decideOperator(rule: ActionRule, mode: Setting["mode"]): Decision {
  if (rule.operator) return allow;
  if (rule.scope === undefined) return refuseWithoutPerson();
  if (mode === "prototype") return allow;
  return deny("scope_missing", "The operator's secret makes tokens and opens nothing else.");
}

function decideToken({ scopes }: TokenHolder, rule: ActionRule): Decision {
  if (rule.operator) return deny("scope_missing", "Only the operator's secret opens this.");
  if (rule.scope === undefined) return refuseWithoutPerson();
  return scopes.includes(rule.scope)
    ? allow
    : deny("scope_missing", `The token needs the scope \`${rule.scope}\`.`);
}

function decidePerson(person: Person, rule: ActionRule, resource: Resource): Decision {
  const reach = reachOf(person, rule);
  if (reach === null) return deny("role_missing", "Ask an admin if you need it.");
  if (reach === "any" || resource === null || person.personas.includes(resource.profileId)) {
    return allow;
  }
  return deny("profile_not_found", "No persona has this id.");
}

/** The widest reach of all that the person is. */
function reachOf({ roles }: Person, rule: ActionRule): Reach | null {
  const reaches = [rule.person, ...roles.map((role) => rule[role])];
  if (reaches.includes("any")) return "any";
  return reaches.includes("own") ? "own" : null;
}

function refuseWithoutPerson(): Decision {
  return deny("session_missing", "Sign in, or refresh the session if you were.");
}

function deny(code: ErrorCode, detail: string): Decision {
  return { isAllowed: false, code, detail };
}
