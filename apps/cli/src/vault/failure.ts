/**
 * A failure as it crosses from the agent to the command line.
 */
import { StoreError } from "@hi-stranger/core/errors";
import { VaultError } from "@hi-stranger/vault/vault-error";
import { FrameError } from "./frames.ts";
import { ShapeError } from "@hi-stranger/vault/header/strict-json";

/** No secret is in it. */
export interface Failure {
  readonly kind: "vault" | "store" | "request" | "internal";
  readonly code: string;
  readonly message: string;
  readonly retryAfterSeconds: number | null;
  readonly reasons: readonly string[];
  readonly parts: readonly string[];
}

/** What the agent tells of `error`. Of one that nobody foresaw, it tells the message alone. */
export function toFailure(error: unknown): Failure {
  const rest = { retryAfterSeconds: null, reasons: [], parts: [] };
  if (error instanceof VaultError) {
    const { code, message, retryAfterSeconds, reasons, parts } = error;
    return { kind: "vault", code, message, retryAfterSeconds, reasons, parts };
  }
  if (error instanceof StoreError) {
    return { kind: "store", code: error.code, message: error.detail, ...rest };
  }
  const message = error instanceof Error ? error.message : String(error);
  const isRequest = error instanceof ShapeError || error instanceof FrameError;
  return isRequest
    ? { kind: "request", code: "bad_request", message, ...rest }
    : { kind: "internal", code: "internal_error", message, ...rest };
}
