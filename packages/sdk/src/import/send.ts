/**
 * Sends one shard, again and again if need be.
 *
 * A request is repeated when its failure may pass: no network, an overloaded or failing server, a
 * body that was damaged on its way, or the same request still running (409), as after a client
 * was killed. The wait doubles from half a second, with chance in it, and a server that says when
 * to come back is obeyed. After two minutes the last error stands.
 */
import { StoreError } from "@hi-stranger/core/errors";
import { ClientError } from "../client-error.ts";
import type { ImportAnswer } from "../client.ts";
import { type PackedShard, toPackedKey } from "./pack.ts";
import { type Pace, waitMsBefore } from "../pace.ts";
import type { ImportOptions } from "./types.ts";

/** How long a shard is tried for after its first failure. */
export const maxRetryMs = 120_000;

export interface SendOptions extends Pick<ImportOptions, "client" | "notes" | "onRetry" | "runId"> {
  readonly shardNo: number;
  readonly key: string;
  readonly pace: Pace;
  readonly signal: AbortSignal;
}

/** @throws The error of the last attempt, or the signal's reason. */
export async function sendShard(packed: PackedShard, options: SendOptions): Promise<ImportAnswer> {
  const { client, shardNo, notes, pace, runId, signal, onRetry } = options;
  let { key } = options;
  let firstFailureMs: number | null = null;
  for (let attempt = 1; ; attempt++) {
    try {
      return await client.importProfiles(packed.body, {
        isGzip: packed.isGzip,
        idempotencyKey: `"${runId}:${key}"`,
        checksumSha256: packed.checksumSha256,
        shardId: `shard-${shardNo}`,
        notes,
        signal,
      });
    } catch (error) {
      signal.throwIfAborted();
      const packedKey = toPackedKey(options.key, packed);
      if (isCode(error, "idempotency_key_reused") && key !== packedKey) {
        key = packedKey;
        continue;
      }
      if (!isPassing(error)) throw error;
      firstFailureMs ??= pace.now();
      const waitMs = waitMsBefore(attempt, error, pace);
      if (pace.now() + waitMs > firstFailureMs + maxRetryMs) throw error;
      onRetry?.({ shardNo, attempt, waitMs, error });
      await pace.sleep(waitMs, signal);
    }
  }
}

/** Whether the same request may succeed later. */
function isPassing(error: unknown): error is StoreError {
  if (!(error instanceof StoreError)) return false;
  if (damagedOnItsWay.has(error.code)) return true;
  const status = error instanceof ClientError ? error.httpStatus : error.status;
  if (status === null) return true;
  if (error.code === "not_supported" || error.code === "quota_exceeded") return false;
  return status >= 500 || [408, 409, 425, 429].includes(status);
}

const damagedOnItsWay: ReadonlySet<string> = new Set([
  "body_incomplete",
  "checksum_mismatch",
  "invalid_gzip",
]);

function isCode(error: unknown, code: string): boolean {
  return error instanceof StoreError && error.code === code;
}
