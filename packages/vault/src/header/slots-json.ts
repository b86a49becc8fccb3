/**
 * The slots as JSON, in the header, in `key_slots` and in a bundle: `{"p": …, "r": …, "q": …}`, where
 * R and Q may be null. Bytes are base64url. Read strictly, KDF parameters within their bounds.
 */
import { toBase64Url } from "@hi-stranger/core/codec/bytes";
import { gcmIvByteLength } from "@hi-stranger/core/crypto/aes-gcm";
import { checkArgon2Parameters, saltByteLength } from "../slots/argon2-parameters.ts";
import { maxQuestionCount, minQuestionCount } from "../slots/questions-slot.ts";
import {
  type PassphraseSlot,
  type QuestionsSlot,
  type RecoverySlot,
  type Slots,
  type WrappedKey,
  slotVersion,
  wrappedByteLength,
} from "../slots/slot.ts";
import { VaultError } from "../vault-error.ts";
import { ShapeError, bytesOf, countOf, objectWith, textOf } from "./strict-json.ts";

export function slotsToJson(slots: Slots): Record<"p" | "r" | "q", unknown> {
  const { passphrase, recovery, questions } = slots;
  return {
    p: {
      version: slotVersion,
      memory_kib: passphrase.kdf.memoryKib,
      passes: passphrase.kdf.passes,
      parallelism: passphrase.kdf.parallelism,
      salt: toBase64Url(passphrase.kdf.salt),
      ...boxToJson(passphrase),
    },
    r: recovery && {
      version: slotVersion,
      salt: toBase64Url(recovery.salt),
      ...boxToJson(recovery),
    },
    q: questions && {
      version: slotVersion,
      set_id: questions.setId,
      threshold: questions.threshold,
      count: questions.count,
      salt: toBase64Url(questions.salt),
      ...boxToJson(questions),
    },
  };
}

/** Whether two sets of slots are the same in every byte. */
export function areSameSlots(left: Slots, right: Slots): boolean {
  return JSON.stringify(slotsToJson(left)) === JSON.stringify(slotsToJson(right));
}

/**
 * @throws {ShapeError} when it isn't slots.
 * @throws {VaultError} `hostile_parameters`, `newer_version`.
 */
export function jsonToSlots(value: unknown): Slots {
  const { p, r, q } = objectWith(value, ["p", "r", "q"]);
  return {
    passphrase: jsonToPassphraseSlot(p),
    recovery: r === null ? null : jsonToRecoverySlot(r),
    questions: q === null ? null : jsonToQuestionsSlot(q),
  };
}

function jsonToPassphraseSlot(value: unknown): PassphraseSlot {
  checkVersion(value);
  const slot = objectWith(value, [
    "version",
    "memory_kib",
    "passes",
    "parallelism",
    "salt",
    "iv",
    "wrapped",
  ]);
  const kdf = {
    memoryKib: countOf(slot.memory_kib),
    passes: countOf(slot.passes),
    parallelism: countOf(slot.parallelism),
    salt: bytesOf(slot.salt, saltByteLength),
  };
  checkArgon2Parameters(kdf);
  return { kdf, ...jsonToBox(slot) };
}

function jsonToRecoverySlot(value: unknown): RecoverySlot {
  checkVersion(value);
  const slot = objectWith(value, ["version", "salt", "iv", "wrapped"]);
  return { salt: bytesOf(slot.salt, saltByteLength), ...jsonToBox(slot) };
}

function jsonToQuestionsSlot(value: unknown): QuestionsSlot {
  checkVersion(value);
  const slot = objectWith(value, [
    "version",
    "set_id",
    "threshold",
    "count",
    "salt",
    "iv",
    "wrapped",
  ]);
  const count = countOf(slot.count);
  const threshold = countOf(slot.threshold);
  if (count < minQuestionCount || count > maxQuestionCount) throw new ShapeError("count");
  if (threshold < minQuestionCount || threshold > count) throw new ShapeError("threshold");
  return {
    setId: textOf(slot.set_id, /^[0-9a-f]{32}$/),
    threshold,
    count,
    salt: bytesOf(slot.salt, saltByteLength),
    ...jsonToBox(slot),
  };
}

function boxToJson({ iv, wrapped }: WrappedKey): Record<string, string> {
  return { iv: toBase64Url(iv), wrapped: toBase64Url(wrapped) };
}

function jsonToBox(slot: { iv: unknown; wrapped: unknown }): WrappedKey {
  return {
    iv: bytesOf(slot.iv, gcmIvByteLength),
    wrapped: bytesOf(slot.wrapped, wrappedByteLength),
  };
}

/** A later version may have other keys, so it is looked at first. */
function checkVersion(value: unknown): void {
  const version =
    typeof value === "object" && value !== null && "version" in value ? value.version : null;
  if (countOf(version) > slotVersion) throw new VaultError("newer_version");
  if (version !== slotVersion) throw new ShapeError("version");
}
