/** Who calls. */
import type { Role, Scope } from "@hi-stranger/core/contract/actions";
import { StoreError } from "@hi-stranger/core/errors";

export interface Anonymous {
  readonly kind: "anonymous";
}

/** Holds the operator's secret. */
export interface Operator {
  readonly kind: "operator";
}

/** A service. */
export interface TokenHolder {
  readonly kind: "token";
  readonly tokenId: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: number;
}

/** Someone who is signed in, by a session that was checked and hasn't expired. */
export interface Person {
  readonly kind: "person";
  readonly personId: string;
  readonly sessionId: string;
  /** Ids of their personas, as of when the access token was made. */
  readonly personas: readonly string[];
  readonly roles: readonly Role[];
  /** When the access token ends, in epoch milliseconds. */
  readonly expiresAtMs: number;
  /** The persona that the request acts as; null when there is none or none of several was named. */
  readonly actingAs: string | null;
}

export type Principal = Anonymous | Operator | TokenHolder | Person;

/** Which one of its kind a caller is; empty where there is but one. */
export function idOf(principal: Principal): string {
  switch (principal.kind) {
    case "token":
      return principal.tokenId;
    case "person":
      return principal.personId;
    case "operator":
    case "anonymous":
      return "";
    default:
      return principal satisfies never;
  }
}

/** The person that an action for people alone was let through for. @throws {StoreError} `session_missing` */
export function requirePerson(principal: Principal): Person {
  if (principal.kind === "person") return principal;
  throw new StoreError("session_missing", "Sign in, or refresh the session if you were.");
}
