/** Who may call what: one pure decision. */
import type { Access, Scope } from "@hi-stranger/core/contract/route";
import type { ErrorCode } from "@hi-stranger/core/errors";

/** Who calls. */
export type Principal =
  | { readonly kind: "anonymous" }
  /** Holds the operator's secret. */
  | { readonly kind: "operator" }
  | {
      readonly kind: "token";
      readonly tokenId: string;
      readonly scopes: readonly Scope[];
      readonly expiresAt: number;
    };

export type Decision =
  | { readonly isAllowed: true }
  | { readonly isAllowed: false; readonly code: ErrorCode; readonly detail: string };

const allow: Decision = { isAllowed: true };

/** Where the question is asked. */
export interface Setting {
  readonly mode: "live" | "prototype";
  readonly environment: "local" | "preview" | "production";
}

/** Decides whether `principal` may use a route with `access` at `nowMs`. */
export function decideAccess(
  access: Access,
  principal: Principal,
  { mode, environment }: Setting,
  nowMs: number,
): Decision {
  if (access.kind === "public") return allow;
  if (principal.kind === "token" && principal.expiresAt <= nowMs) {
    return deny("token_expired", "Make a new one with `hi token create`.");
  }
  if (access.kind === "operator") {
    if (principal.kind === "operator") return allow;
    return principal.kind === "anonymous"
      ? deny("token_missing", "This needs the operator's secret as bearer token.")
      : deny("scope_missing", "Only the operator's secret opens this.");
  }
  if (mode === "prototype") {
    if (principal.kind === "operator") return allow;
    if (access.isOpenInPrototype && environment === "local") return allow;
  }
  if (principal.kind === "token") {
    return principal.scopes.includes(access.scope)
      ? allow
      : deny("scope_missing", `The token needs the scope \`${access.scope}\`.`);
  }
  if (principal.kind === "operator") {
    return deny("scope_missing", "The operator's secret makes tokens and opens nothing else.");
  }
  return deny(
    "token_missing",
    mode === "prototype"
      ? "The prototype takes the operator's secret as bearer token; locally it is in `.dev.vars`, and reads need none."
      : `Send \`Authorization: Bearer …\` with a token that has the scope \`${access.scope}\`.`,
  );
}

function deny(code: ErrorCode, detail: string): Decision {
  return { isAllowed: false, code, detail };
}
