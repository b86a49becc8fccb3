/** What the header says: which vault this is, how its databases open, and its slots. */
import { toBase64Url } from "@hi-stranger/core/codec/bytes";
import { equalBytes } from "@hi-stranger/core/crypto/equal";
import { saltByteLength } from "../slots/argon2-parameters.ts";
import type { Slots } from "../slots/slot.ts";
import { vaultIdByteLength } from "../vault-keys.ts";
import { jsonToSlots, slotsToJson } from "./slots-json.ts";
import { ShapeError, bytesOf, countOf, objectWith, textOf } from "./strict-json.ts";

/** What never changes in the life of a vault. */
export interface VaultIdentity {
  /** 16 random bytes. */
  readonly vaultId: Uint8Array<ArrayBuffer>;
  /** 16 bytes each, which the databases also carry at their start. */
  readonly authSalt: Uint8Array<ArrayBuffer>;
  readonly vaultSalt: Uint8Array<ArrayBuffer>;
}

export interface HeaderPayload extends VaultIdentity {
  /** RFC 3339 UTC with milliseconds. */
  readonly createdAt: string;
  /** Counts openings, closings and changes of secrets; see `epochs.ts`. */
  readonly epoch: number;
  readonly slots: Slots;
}

/** Whether both are of the same vault. */
export function isSameIdentity(left: VaultIdentity, right: VaultIdentity): boolean {
  return (
    equalBytes(left.vaultId, right.vaultId) &&
    equalBytes(left.authSalt, right.authSalt) &&
    equalBytes(left.vaultSalt, right.vaultSalt)
  );
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Compact JSON. */
export function encodePayload(payload: HeaderPayload): Uint8Array<ArrayBuffer> {
  return encoder.encode(
    JSON.stringify({
      vault_id: toBase64Url(payload.vaultId),
      created_at: payload.createdAt,
      epoch: payload.epoch,
      auth_salt: toBase64Url(payload.authSalt),
      vault_salt: toBase64Url(payload.vaultSalt),
      slots: slotsToJson(payload.slots),
    }),
  );
}

/**
 * @throws {ShapeError} when `bytes` aren't a payload.
 * @throws {VaultError} `hostile_parameters`, `newer_version`.
 */
export function decodePayload(bytes: Uint8Array): HeaderPayload {
  const json = objectWith(parseJson(bytes), [
    "vault_id",
    "created_at",
    "epoch",
    "auth_salt",
    "vault_salt",
    "slots",
  ]);
  return {
    vaultId: bytesOf(json.vault_id, vaultIdByteLength),
    createdAt: textOf(json.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    epoch: countOf(json.epoch),
    authSalt: bytesOf(json.auth_salt, saltByteLength),
    vaultSalt: bytesOf(json.vault_salt, saltByteLength),
    slots: jsonToSlots(json.slots),
  };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch (cause) {
    throw new ShapeError("not JSON", { cause });
  }
}
