/** Errors in the person's language: what happened, and what they can do about it. */
import { type ErrorCode, isErrorCode } from "@hi-stranger/core/errors";
import { isOffline } from "../state/connectivity.ts";
import { home } from "../state/preferences.ts";
import type { MessageKey } from "./messages.ts";
import { t } from "./translate.ts";

export interface Problem {
  readonly code: ErrorCode | null;
  readonly title: string;
  readonly advice: string;
  /** What helps: nothing in particular, trying again, another token, or signing in. */
  readonly remedy: "none" | "retry" | "connect" | "sign_in";
}

type Name =
  | "offline"
  | "unreachable"
  | "denied"
  | "expired"
  | "token"
  | "scope"
  | "gone"
  | "quota"
  | "gzip"
  | "personal"
  | "unsupported"
  | "session"
  | "stale"
  | "many"
  | "personas"
  | "other";

const namesByCode: Partial<Record<ErrorCode, Name>> = {
  store_unavailable: "unreachable",
  token_expired: "expired",
  token_invalid: "token",
  token_missing: "token",
  scope_missing: "scope",
  profile_not_found: "gone",
  not_supported: "unsupported",
  quota_exceeded: "quota",
  invalid_gzip: "gzip",
  personal_data_refused: "personal",
  session_missing: "session",
  csrf_token_invalid: "stale",
  persona_not_yours: "stale",
  too_many_personas: "personas",
};

const remedies: Partial<Record<Name, Problem["remedy"]>> = {
  offline: "retry",
  unreachable: "retry",
  expired: "connect",
  token: "connect",
  scope: "connect",
  session: "sign_in",
  many: "retry",
  other: "retry",
};

/** Describes anything that was thrown. */
export function describeProblem(error: unknown): Problem {
  const code = readCode(error);
  const name = isTooMany(error) ? "many" : nameOf(code, error);
  const title: MessageKey = `problem.${name}.title`;
  const detail = error instanceof Error ? error.message : "";
  return {
    code,
    title: t(title),
    advice: name === "other" ? t("problem.other.advice", { detail }) : t(`problem.${name}.advice`),
    remedy: remedies[name] ?? "none",
  };
}

/** Whether the server asks to wait. */
export function isTooMany(error: unknown): boolean {
  return error instanceof Error && (error as { httpStatus?: unknown }).httpStatus === 429;
}

/** How long the server asks to wait, in seconds, as it said when it answered. */
export function secondsToWait(error: unknown): number {
  const { retryAfterSeconds } = error as { retryAfterSeconds?: unknown };
  return typeof retryAfterSeconds === "number" ? retryAfterSeconds : defaultWaitSeconds;
}

const defaultWaitSeconds = 60;

/** Whether `error` has the API's code `code`. */
export function hasCode(error: unknown, code: ErrorCode): boolean {
  return readCode(error) === code;
}

/** Why a store doesn't answer: on this device the browser denies it, a server is out of reach. */
function nameOfSilence(error: unknown): Name {
  const isOfServer = error instanceof Error && "httpStatus" in error;
  if (home.value === "device" && !isOfServer) return "denied";
  return isOffline.value ? "offline" : "unreachable";
}

function nameOf(code: ErrorCode | null, error: unknown): Name {
  if (code === "store_unavailable") return nameOfSilence(error);
  return (code && namesByCode[code]) ?? "other";
}

function readCode(error: unknown): ErrorCode | null {
  const code = error instanceof Error ? (error as { code?: unknown }).code : null;
  return isErrorCode(code) ? code : null;
}
