/** What goes into an import of a file, and what comes out of it. */
import type { ByteSource } from "@hi-stranger/core/codec/byte-source";
import type { Client } from "../client.ts";
import type { Pace } from "../pace.ts";

export interface ImportOptions {
  readonly client: Pick<Client, "importProfiles">;
  /** The file: NDJSON, one persona a line. */
  readonly source: ByteSource;
  /** How many shards are under way at most; 4 unless told. */
  readonly concurrency?: number | undefined;
  /** Bytes of lines in a shard at most. A file cut otherwise has other keys, so a resumed import keeps it. */
  readonly maxShardBytes?: number | undefined;
  /** Whether shards are compressed on their way; they are unless told. */
  readonly isGzip?: boolean | undefined;
  /** Printable ASCII of up to 500 characters, kept in each report. */
  readonly notes?: string | undefined;
  /**
   * Tells this run from other imports of the same bytes, so that its requests repeat those of no
   * earlier run, whose answers the server replays for 24 hours. 1 to 64 of `A-Za-z0-9_-`. Pass the
   * same one to go on with a run.
   */
  readonly runId: string;
  /** Where finished shards are noted, so that an import that was cut off goes on from there. */
  readonly journal?: ImportJournal | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
  /** Told of every refused line, in the order of the file; the next waits for it. */
  readonly onRefused?: ((line: RefusedLine) => Promise<void> | void) | undefined;
  /** Told of every request that will be repeated. */
  readonly onRetry?: ((retry: ImportRetry) => void) | undefined;
  readonly pace?: Pace | undefined;
  /** SHA-256 bit by bit, where the platform has a faster one than ours in JavaScript (Node's `createHash`). */
  readonly createSha256?: (() => Sha256) | undefined;
}

/** A hash that takes its input in pieces. */
export interface Sha256 {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}

/** One broken rule of a refused line. */
export interface LineProblem {
  /** JSON Pointer to the place in the record; empty for the whole line. */
  readonly path: string;
  /** As in an import report. */
  readonly errorCode: string;
  readonly message: string;
}

/** A line that was not stored. */
export interface RefusedLine {
  /** In the file, counted from 1. */
  readonly lineNo: number;
  /** Null when the line is no text, or too long to be kept. */
  readonly text: string | null;
  readonly errors: readonly LineProblem[];
}

export interface ImportProgress {
  /** Of the file. */
  readonly bytesRead: number;
  /** Blank ones included. */
  readonly linesRead: number;
  /** Lines with a verdict, stored or refused. */
  readonly linesDone: number;
  readonly linesRefused: number;
  readonly shardsDone: number;
  /** How many of them the journal knew. */
  readonly shardsResumed: number;
  /** Whether the whole file has been read. */
  readonly isReadToEnd: boolean;
}

export interface ImportRetry {
  readonly shardNo: number;
  /** 1 for the first repetition. */
  readonly attempt: number;
  readonly waitMs: number;
  readonly error: Error;
}

/** What an import did, over all its shards, those of an earlier run that it resumed included. */
export interface ImportSummary {
  /** Without blank ones. */
  readonly linesTotal: number;
  readonly linesValid: number;
  readonly linesInvalid: number;
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly bytesRead: number;
  /** Of the file, in hex. */
  readonly inputSha256: string;
  /** In the order of the file. */
  readonly shards: readonly ShardSummary[];
  /**
   * Refused lines that `onRefused` was not told of: the report holds no more than 200 errors, and
   * by our own reading these lines are valid. 0 unless the server's schema is another.
   */
  readonly linesUnexplained: number;
}

export interface ShardSummary {
  readonly shardNo: number;
  readonly firstLineNo: number;
  readonly lastLineNo: number;
  readonly importId: string;
  /** Whether an earlier run sent it. */
  readonly isResumed: boolean;
}

/** A finished shard as the journal keeps it. It holds no line's text. */
export interface ShardRecord {
  /** The shard's idempotency key, which is made of its bytes and its number. */
  readonly key: string;
  readonly importId: string;
  readonly linesTotal: number;
  readonly linesValid: number;
  readonly linesInvalid: number;
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  /** The refused lines that are explained, by their number in the file. */
  readonly refused: readonly Omit<RefusedLine, "text">[];
}

/** Keeps the finished shards of one import of one file into one store. */
export interface ImportJournal {
  /** What earlier runs recorded. */
  load(): Promise<readonly ShardRecord[]>;
  /** Keeps a record for good before it resolves. Calls don't overlap. */
  record(shard: ShardRecord): Promise<void>;
}
