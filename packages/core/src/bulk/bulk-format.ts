/**
 * The frame of a bulk file, NDJSON with records of several kinds:
 *
 *     {"record":"manifest","profiles_version":1,"meta_version":1}
 *     {"record":"profile",…}
 *     {"record":"message",…}
 *     {"record":"end","counts":{"profile":1,"message":1},"sha256":"…"}
 *
 * A record stands in its line as it is elsewhere, with the member `record` before its own. `counts`
 * has the number of lines of each kind that occurs, and `sha256` is SHA-256 in hex over all lines
 * before the last, each with one LF. A file without a whole frame is refused as a whole, because it
 * was cut or damaged on the way.
 */
import { StoreError } from "../errors.ts";

/** The version of `profiles_version` and of `meta_version` that is read and written. */
export const bulkVersion = 1;

/** The kinds of record that every bulk file may hold. */
export const bulkKinds = ["profile", "chat_meta", "policy_state", "message"] as const;
export type BulkKind = (typeof bulkKinds)[number];

/** SHA-256 over the UTF-8 of text, as it comes. */
export interface TextHash {
  update(text: string): void;
  /** Lower-case hex of 64 characters. Call once, at the end. */
  hexDigest(): string;
}

/** What is wrong with a file's frame, for whoever sent it. */
export function frameError(what: string): StoreError {
  return new StoreError("invalid_manifest", `Nothing is stored: ${what}.`);
}
