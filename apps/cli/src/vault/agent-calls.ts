/**
 * What the command line may ask of the agent that holds the vault. Each connection carries one
 * request and its reply, and between them a stream, inwards or outwards, for those calls that have one:
 *
 *     request  {"v":2,"method":"…","params":{…},"token":"…"}   and byte strings
 *     stream   {"more":true} and a byte string, over and over; then, inwards, {"more":false}
 *     reply    {"ok":{…}} and byte strings, or {"error":{…}} with a `Failure`
 *
 * `token` is the session's, or null; all calls but `unlock` and `lock` need one.
 */
import type { WriteCounts } from "@hi-stranger/core/store/profile-store";
import type { Violation } from "@hi-stranger/core/schema/violations";
import type { Notice } from "@hi-stranger/vault/notices";
import type { AllCounts } from "@hi-stranger/vault/records/write-all";
import type { SecretInfo } from "@hi-stranger/vault/records/secrets";
import type { Question } from "@hi-stranger/vault/handle/recovering";
import type { SessionMinutes } from "@hi-stranger/vault/sessions/sessions";
import type { LockOut } from "@hi-stranger/vault/vault";
import type { RecordKindName } from "./record-kind-names.ts";

/** Grows whenever requests or replies change. An agent of any version takes `lock`. */
export const protocolVersion = 2;

/** Most bytes of records in one request to write them, and most records. */
export const maxBatchBytes = 1024 * 1024;
export const maxBatchLines = 500;
/** Most records in a page: so many of the largest fit a reply. */
export const maxPageItems = 30;
/** Most violations told of one refused line. */
export const maxViolations = 5;

/** A question as chosen; the answers are byte strings, in the same order, after the passphrase. */
export type QuestionText = { readonly predefinedId: number } | { readonly customText: string };

export interface RefusedRecord {
  /** Place in the batch, from 0. */
  readonly index: number;
  readonly violations: readonly Violation[];
}

/** Each call's parameters and result, and what its byte strings are. */
export interface AgentCalls {
  /** In: the passphrase. */
  unlock: {
    params: {
      readonly minutes: SessionMinutes;
      readonly acceptOldCopy: boolean;
      readonly acceptNewAuth: boolean;
    };
    result: {
      readonly pid: number;
      readonly expiresAt: string;
      readonly notices: readonly Notice[];
    };
  };
  /** The reply comes when the vault is locked and the keys are wiped; then the agent ends. */
  lock: { params: Nothing; result: Nothing };
  /** Doesn't count as a use of the session. */
  status: {
    params: Nothing;
    result: { readonly pid: number; readonly expiresAt: string; readonly lockOut: LockOut };
  };
  /** In: the current passphrase, the next one. */
  changePassphrase: { params: Nothing; result: { readonly notices: readonly Notice[] } };
  /** In: the passphrase. Out: the code. */
  renewRecoveryCode: { params: Nothing; result: { readonly notices: readonly Notice[] } };
  /** The person's questions, in random order. */
  getQuestions: { params: Nothing; result: { readonly questions: readonly Question[] } };
  /** In: the passphrase, then the answers. No questions at all when `questions` is empty. */
  setQuestions: {
    params: { readonly questions: readonly QuestionText[]; readonly threshold: number | null };
    result: { readonly notices: readonly Notice[] };
  };
  /** Out: the value. */
  getSecret: { params: { readonly name: string }; result: { readonly isThere: boolean } };
  /** In: the value. */
  putSecret: { params: { readonly name: string }; result: Nothing };
  listSecrets: {
    /** The name before the page, or null. */
    params: { readonly after: string | null };
    result: { readonly secrets: readonly SecretInfo[]; readonly isLast: boolean };
  };
  deleteSecret: { params: { readonly name: string }; result: { readonly isThere: boolean } };
  /** Out: the record's line. */
  getRecord: {
    params: { readonly kind: RecordKindName; readonly key: string };
    result: { readonly isThere: boolean };
  };
  /** Out: the records' lines, each with its LF. */
  listRecords: {
    params: {
      readonly kind: RecordKindName;
      /** Those of this chat alone, the newest first; null for all, by their ids. */
      readonly chatId: string | null;
      readonly cursor: string | null;
      readonly limit: number;
    };
    result: { readonly nextCursor: string | null };
  };
  /** In: lines, each with its LF. Those that fit their schema are stored, all at once. */
  writeRecords: {
    params: { readonly kind: RecordKindName };
    result: { readonly counts: WriteCounts; readonly refused: readonly RefusedRecord[] };
  };
  deleteRecord: {
    params: { readonly kind: RecordKindName; readonly key: string };
    result: { readonly isThere: boolean };
  };
  /** Between: the bundle, outwards. */
  exportBundle: { params: Nothing; result: Nothing };
  /** In: the secret. Between: the bundle, inwards. */
  importBundle: {
    params: { readonly secret: "passphrase" | "code" };
    result: { readonly counts: AllCounts };
  };
}

export type AgentMethod = keyof AgentCalls;
export type ParamsOf<Method extends AgentMethod> = AgentCalls[Method]["params"];
export type ResultOf<Method extends AgentMethod> = AgentCalls[Method]["result"];

type Nothing = Readonly<Record<never, never>>;
