/**
 * Sends requests that the store must carry out once: each with an idempotency key, so that it can be
 * sent again when no answer came.
 *
 * That is when the network or a server on the way failed, or when the first request is still being
 * worked for. What the store has refused isn't sent again. Waits are short, since a person may be
 * looking on; whoever wants to go on later passes a key of their own and uses it again.
 */
import { toHex } from "@hi-stranger/core/codec/bytes";
import { platformRandom } from "@hi-stranger/core/codec/ids";
import type { CallOptions } from "./call-table.ts";
import { ClientError } from "./client-error.ts";
import { type Pace, platformPace, waitMsBefore } from "./pace.ts";
import type { Request, Send } from "./transport.ts";

const maxAttempts = 4;
/** Who is told to wait for longer decides for themselves. */
const longestWaitMs = 5_000;
const keyByteLength = 16;

export interface OnceOptions extends CallOptions {
  /** 1 to 256 characters of printable ASCII without `"` and `\`; 128 random bits unless given. */
  readonly idempotencyKey?: string | undefined;
}

/** What sends requests once; each attempt waits by `pace`. */
export type SendOnce = (request: Request, options: OnceOptions | undefined) => Promise<Response>;

export function createSendOnce(send: Send, pace: Pace = platformPace): SendOnce {
  return async (request, { idempotencyKey = newKey(), signal } = {}) => {
    const headers = { ...request.headers, "Idempotency-Key": `"${idempotencyKey}"` };
    for (let attempt = 1; ; attempt++) {
      try {
        return await send({ ...request, headers, signal });
      } catch (error) {
        signal?.throwIfAborted();
        const waitMs = waitMsBefore(attempt, error, pace);
        if (!isUnanswered(error) || attempt === maxAttempts || waitMs > longestWaitMs) throw error;
        await pace.sleep(waitMs, signal ?? new AbortController().signal);
      }
    }
  };
}

/** Whether nobody knows (yet) what became of the request. */
function isUnanswered(error: unknown): boolean {
  if (!(error instanceof ClientError)) return false;
  if (error.code === "idempotency_in_progress") return true;
  const { httpStatus } = error;
  return httpStatus === null || [502, 503, 504].includes(httpStatus);
}

function newKey(): string {
  const bytes = new Uint8Array(keyByteLength);
  platformRandom(bytes);
  return toHex(bytes);
}
