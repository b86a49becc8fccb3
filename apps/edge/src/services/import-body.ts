/**
 * The body of an import as it arrives: counted and hashed as sent, unpacked when it is gzip.
 *
 * Caps hold while streaming, whatever `Content-Length` says. Nothing is buffered beyond one read.
 */
import { createHash } from "node:crypto";
import { type ByteSource, streamSource } from "@hi-stranger/core/codec/byte-source";
import { StoreError } from "@hi-stranger/core/errors";

/** A body under way. */
export interface ImportBody {
  /** The bytes as sent, counted and hashed. Reads reject with a {@link StoreError} when the body is at fault. */
  readonly received: ByteSource;
  /** The unpacked bytes, read from `received`. Call once. */
  unpacked(): ByteSource;
  /** What has arrived so far, as sent. */
  bytesReceived(): number;
  /** SHA-256 of the body as sent, in hex. Call once, when all of it was read. */
  digest(): string;
}

/** Small, so that a bomb unpacks little before its size is noticed. */
const gzipReadBytes = 16 * 1024;

export function openImportBody(
  stream: ReadableStream<Uint8Array>,
  { isGzip, maxBytes }: { isGzip: boolean; maxBytes: number },
): ImportBody {
  const hash = createHash("sha256");
  let bytesReceived = 0;
  const raw = streamSource(stream);
  const received: ByteSource = {
    async readInto(buffer, offset, maxReadBytes) {
      const read = await raw.readInto(buffer, offset, maxReadBytes).catch((cause: unknown) => {
        throw new StoreError("body_incomplete", "The connection ended before the body did.", {
          cause,
        });
      });
      bytesReceived += read.byteCount;
      if (bytesReceived > maxBytes) {
        throw new StoreError(
          "body_too_large",
          `A body has ${maxBytes} bytes at most; send the file in several parts (\`hi import\` does).`,
        );
      }
      hash.update(read.buffer.subarray(offset, offset + read.byteCount));
      return read;
    },
    cancel: (reason) => raw.cancel(reason),
  };
  return {
    received,
    unpacked: () => (isGzip ? unpack(received) : received),
    bytesReceived: () => bytesReceived,
    digest: () => hash.digest("hex"),
  };
}

/** Unpacks gzip (RFC 1952, one member). */
function unpack(packed: ByteSource): ByteSource {
  const { readable, writable } = new DecompressionStream("gzip");
  let failure: StoreError | undefined;
  const fed = feed(packed, writable.getWriter()).catch((error: unknown) => {
    failure ??= error instanceof StoreError ? error : toGzipError(error);
  });
  const unpacked = streamSource(readable);
  return {
    async readInto(buffer, offset, maxReadBytes) {
      try {
        const read = await unpacked.readInto(buffer, offset, maxReadBytes);
        if (read.done) await fed;
        if (failure) throw failure;
        return read;
      } catch (error) {
        throw failure ?? toGzipError(error);
      }
    },
    async cancel(reason) {
      await Promise.allSettled([unpacked.cancel(reason), packed.cancel(reason)]);
    },
  };
}

async function feed(
  packed: ByteSource,
  writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>,
): Promise<void> {
  try {
    let buffer = new Uint8Array(gzipReadBytes);
    for (;;) {
      const read = await packed.readInto(buffer, 0, gzipReadBytes);
      if (read.byteCount > 0) await writer.write(read.buffer.slice(0, read.byteCount));
      if (read.done) break;
      buffer = read.buffer;
    }
    await writer.close();
  } catch (error) {
    await writer.abort(error).catch(() => undefined);
    throw error;
  }
}

function toGzipError(cause: unknown): StoreError {
  return new StoreError(
    "invalid_gzip",
    "The body is cut short or damaged, or holds more than one gzip member.",
    { cause },
  );
}
