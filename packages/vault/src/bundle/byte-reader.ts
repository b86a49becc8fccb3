/** Reading a stream of bytes by exact lengths, and handing on the rest of it. */
import type { ByteSource } from "@hi-stranger/core/codec/byte-source";
import { concatBytes, copySecret } from "../secret-bytes.ts";
import { VaultError } from "../vault-error.ts";

export interface ByteReader {
  /** The next `byteLength` bytes, or as many as there are. */
  take(byteLength: number): Promise<Uint8Array<ArrayBuffer>>;
  /** All that follows. */
  rest(): AsyncGenerator<Uint8Array, void>;
}

export function createByteReader(source: AsyncIterable<Uint8Array>): ByteReader {
  const iterator = source[Symbol.asyncIterator]();
  let pending: Uint8Array = new Uint8Array(0);
  return {
    async take(byteLength) {
      while (pending.length < byteLength) {
        const next = await iterator.next();
        if (next.done) break;
        pending = concatBytes(pending, next.value);
      }
      const taken = copySecret(pending, Math.min(byteLength, pending.length));
      pending = pending.subarray(taken.length);
      return taken;
    },
    async *rest() {
      yield pending;
      for (;;) {
        const next = await iterator.next();
        if (next.done) return;
        yield next.value;
      }
    },
  };
}

/** A stream of bytes as the reader of lines takes it. */
export function toByteSource(source: AsyncIterable<Uint8Array>): ByteSource {
  const reader = createByteReader(source);
  return {
    async readInto(buffer, offset, maxBytes) {
      const bytes = await reader.take(maxBytes);
      buffer.set(bytes, offset);
      const byteCount = bytes.length;
      bytes.fill(0);
      return { buffer, byteCount, done: byteCount === 0 };
    },
    cancel: async () => undefined,
  };
}

/**
 * What `source` gives, until `signal` ends it: at once, even while `source` keeps a reader waiting.
 *
 * @throws {VaultError} `vault_locked` when `signal` ended it.
 */
export async function* untilAborted(
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await beforeAbort(iterator.next(), signal);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // Not waited for: it may be stalled. What it says now matters to nobody.
    iterator.return?.().catch(() => undefined);
  }
}

async function beforeAbort<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const abort = (): void => reject(new VaultError("vault_locked"));
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort);
  work.then(resolve, reject);
  return promise.finally(() => signal.removeEventListener("abort", abort));
}
