/** The file as the import reads it: counted, hashed, and let go of when the import stops. */
import type { ByteSource } from "@hi-stranger/core/codec/byte-source";
import { toHex } from "@hi-stranger/core/codec/bytes";
import type { Sha256 } from "./types.ts";

export interface Input extends ByteSource {
  bytesRead(): number;
  /** SHA-256 of all bytes, in hex. Call once, at the end. */
  digest(): string;
}

/** Wraps `source`. Once `signal` is aborted every read rejects with its reason, one under way too. */
export function openInput(source: ByteSource, hash: Sha256, signal: AbortSignal): Input {
  let bytesRead = 0;
  return {
    async readInto(buffer, offset, maxBytes) {
      const read = await unlessAborted(source.readInto(buffer, offset, maxBytes), signal);
      hash.update(read.buffer.subarray(offset, offset + read.byteCount));
      bytesRead += read.byteCount;
      return read;
    },
    cancel: (reason) => source.cancel(reason),
    bytesRead: () => bytesRead,
    digest: () => toHex(hash.digest()),
  };
}

/** What `promise` gives, or a rejection with the signal's reason as soon as that is aborted. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason as Error);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
