/** The ports of what the edge keeps besides personas, whose own port is core's `ProfileStore`. */
import type { ImportReport } from "@hi-stranger/core/contract/imports";
import type { TokenInfo } from "@hi-stranger/core/contract/service";
import type { Scope } from "@hi-stranger/core/contract/actions";
import type { ProfileRow, WriteCounts } from "@hi-stranger/core/store/profile-store";
import type { PendingStatement } from "./audit-ports.ts";

/** Whose key it is, and the key; unique together. */
export interface IdempotencyKey {
  readonly scope: string;
  readonly key: string;
}

/** The first answer to a key. */
export interface FinishedImport {
  /** What the body was: a replay must match it. */
  readonly fingerprint: string;
  readonly status: number;
  readonly report: ImportReport;
}

export type Beginning =
  | { readonly kind: "claimed" }
  | { readonly kind: "running"; readonly retryAfterSeconds: number }
  | { readonly kind: "finished"; readonly first: FinishedImport };

/** The last step of an import. */
export interface Finish {
  readonly key: IdempotencyKey | null;
  readonly fingerprint: string;
  readonly status: number;
  /** Whole but for what `rows` adds to its three counts. */
  readonly report: ImportReport;
  /** The rows still to be stored, or `staged` when all of them were put aside. */
  readonly rows: readonly ProfileRow[] | "staged";
  /** What the audit log will say of it; null where there is none. */
  readonly audit: PendingStatement | null;
}

/**
 * Imports: their claim, their rows and their report. A store that is atomic keeps the last rows,
 * the report, the answer for replays and the audit entry in one transaction, so that a process
 * killed at any moment leaves either an import that never was or one that is finished.
 */
export interface ImportStore {
  /** Bytes of rows that one {@link write} or {@link finish} takes; the caller groups its rows by it. */
  readonly maxGroupBytes: number;
  /** Claims the key and opens the report. A claim lasts until its lease ends, unless it is renewed. */
  begin(report: ImportReport, key: IdempotencyKey | null): Promise<Beginning>;
  /** Says that the import is alive; costs nothing until half of its lease is over. */
  keepAlive(report: ImportReport, key: IdempotencyKey | null): Promise<void>;
  /** Stores rows for good. */
  write(rows: readonly ProfileRow[]): Promise<WriteCounts>;
  /** Puts rows aside, after those put aside before, until {@link finish}. */
  stage(importId: string, rows: readonly ProfileRow[]): Promise<void>;
  /** Stores what is left and closes the import. Gives back the report with its final counts. */
  finish(finish: Finish): Promise<ImportReport>;
  /** Drops the rows put aside. */
  discard(importId: string): Promise<void>;
  /** Closes an import that came to nothing or to half: staged rows are dropped, the key is free again. */
  abandon(report: ImportReport, key: IdempotencyKey | null): Promise<void>;
  /** The report, or null when there is none (any more). */
  report(importId: string): Promise<ImportReport | null>;
}

/** How things stand with a key that was asked for. */
export type Asked =
  | { readonly kind: "claimed" }
  | { readonly kind: "running" }
  | { readonly kind: "finished"; readonly fingerprint: string; readonly answer: string };

/** The idempotency keys of routes other than imports. `by` is an id of one request, and its own alone. */
export interface OnceStore {
  /** Claims a name for as long as its request may take, or tells what became of it. */
  ask(name: string, by: string): Promise<Asked>;
  /** Keeps the answer for 24 hours, if the claim still is the request's. */
  keep(name: string, by: string, fingerprint: string, answer: string): Promise<void>;
  /** Frees the name, if the claim still is the request's. */
  release(name: string, by: string): Promise<void>;
}

/** A service token as kept. */
export interface StoredToken extends TokenInfo {
  readonly tokenHash: string;
}

/** What a valid token allows. */
export interface TokenGrant {
  readonly tokenId: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: number;
}

export interface TokenStore {
  add(token: StoredToken): Promise<void>;
  /** The grant behind a token's hash, expired ones included, revoked ones not. Notes the use. */
  find(tokenHash: string): Promise<TokenGrant | null>;
  /** All that are not revoked, newest first. */
  list(): Promise<TokenInfo[]>;
  /** False when there is no such token. */
  revoke(tokenId: string): Promise<boolean>;
}
