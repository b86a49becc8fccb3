/** Errors on their way from the worker to the page: as plain data, with code and message. */
import { type ErrorCode, StoreError } from "@hi-stranger/core/errors";
import { VaultError, type VaultErrorCode } from "../../vault-error.ts";

export type CarriedError =
  | {
      readonly kind: "vault";
      readonly code: VaultErrorCode;
      readonly message: string;
      readonly retryAfterSeconds: number | null;
      readonly reasons: readonly string[];
      readonly parts: readonly string[];
    }
  | {
      readonly kind: "store";
      readonly code: ErrorCode;
      readonly message: string;
      readonly members: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: "other"; readonly name: string; readonly message: string };

/** `error` as data. Its cause and its stack stay where they are. */
export function toCarriedError(error: unknown): CarriedError {
  if (error instanceof VaultError) {
    const { code, message, retryAfterSeconds, reasons, parts } = error;
    return { kind: "vault", code, message, retryAfterSeconds, reasons, parts };
  }
  if (error instanceof StoreError) {
    const { code, detail, extra } = error;
    return { kind: "store", code, message: detail, members: extra.members ?? {} };
  }
  if (error instanceof Error) return { kind: "other", name: error.name, message: error.message };
  return { kind: "other", name: "Error", message: String(error) };
}

/** The error that `carried` stands for, of the same class. */
export function fromCarriedError(carried: CarriedError): Error {
  if (carried.kind === "vault") {
    const { code, message, retryAfterSeconds, reasons, parts } = carried;
    const waiting = retryAfterSeconds === null ? {} : { retryAfterSeconds };
    return new VaultError(code, { reasons, parts, ...waiting }, message);
  }
  if (carried.kind === "store") {
    return new StoreError(carried.code, carried.message, { members: carried.members });
  }
  const error = new Error(carried.message);
  error.name = carried.name;
  return error;
}
