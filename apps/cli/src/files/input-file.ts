/**
 * A file to import, or stdin: opened, unpacked when it is gzip (told by its first bytes, whatever
 * its name says), and recognised by how it begins.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { type ByteSource, chunkSource } from "@hi-stranger/core/codec/byte-source";
import { CliError, usageError } from "../errors.ts";

export interface InputFile {
  /** Path, or `stdin`. */
  readonly name: string;
  readonly isStdin: boolean;
  readonly isGzip: boolean;
  /** Size as stored, or null when it isn't known beforehand. */
  readonly sizeBytes: number | null;
  /** How much of {@link sizeBytes} has been read. */
  bytesRead(): number;
  /** SHA-256, in hex, of the first bytes once unpacked; the same for every run over one file. */
  readonly headSha256: string;
  /** The bytes, unpacked; to be read by this or by {@link source}. */
  readonly chunks: AsyncGenerator<Uint8Array, void>;
  readonly source: ByteSource;
}

const readBytes = 256 * 1024;
/** Enough to tell files of personas apart: their ids differ within the first lines. */
const headBytes = 64 * 1024;

/**
 * Opens `path`, or stdin for `-`. Aborting `signal` ends a read that waits.
 *
 * @throws {CliError} when there is no such file.
 */
export async function openInputFile(path: string, signal: AbortSignal): Promise<InputFile> {
  const isStdin = path === "-";
  const sizeBytes = isStdin ? null : await readSize(path);
  const stream: Readable = isStdin
    ? process.stdin
    : createReadStream(path, { highWaterMark: readBytes });
  signal.addEventListener("abort", () => stream.destroy(), { once: true });
  let bytesRead = 0;
  const counted = map(stream, (chunk) => {
    bytesRead += chunk.length;
  });
  const [start, whole] = await peek(counted, 2);
  const isGzip = start[0] === 0x1f && start[1] === 0x8b;
  const name = isStdin ? "stdin" : path;
  const [head, bytes] = await peek(isGzip ? unpack(whole, name) : whole, headBytes);
  return {
    name,
    isStdin,
    isGzip,
    sizeBytes,
    bytesRead: () => bytesRead,
    headSha256: createHash("sha256").update(head).digest("hex"),
    chunks: bytes,
    source: endingWith(stream, chunkSource(bytes)),
  };
}

/** `source`, whose cancelling also ends a read that waits for more to arrive. */
function endingWith(stream: Readable, source: ByteSource): ByteSource {
  return {
    readInto: (buffer, offset, maxBytes) => source.readInto(buffer, offset, maxBytes),
    async cancel(reason) {
      stream.destroy();
      await source.cancel(reason);
    },
  };
}

async function readSize(path: string): Promise<number | null> {
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") throw usageError(`There is no file ${path}.`);
    throw error;
  });
  if (info.isDirectory()) throw usageError(`${path} is a folder; name a file in it.`);
  // A pipe or a device has no size of its own.
  return info.isFile() ? info.size : null;
}

/** The first `byteLength` bytes, or all when there are fewer, and everything with those before it. */
async function peek(
  chunks: AsyncIterator<Uint8Array>,
  byteLength: number,
): Promise<[Uint8Array, AsyncGenerator<Uint8Array, void>]> {
  const first: Uint8Array[] = [];
  let known = 0;
  while (known < byteLength) {
    const next = await chunks.next();
    if (next.done === true) break;
    first.push(next.value);
    known += next.value.length;
  }
  return [Buffer.concat(first).subarray(0, byteLength), resume(first, chunks)];
}

async function* resume(first: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>) {
  try {
    yield* first;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
      yield next.value;
    }
  } finally {
    await rest.return?.();
  }
}

async function* map(stream: Readable, see: (chunk: Uint8Array) => void) {
  for await (const chunk of stream) {
    see(chunk as Uint8Array);
    yield chunk as Uint8Array;
  }
}

async function* unpack(chunks: AsyncIterable<Uint8Array>, name: string) {
  const gunzip = createGunzip({ chunkSize: readBytes });
  const packed = Readable.from(chunks, { objectMode: false });
  packed.on("error", (error) => gunzip.destroy(error));
  try {
    for await (const chunk of packed.pipe(gunzip)) yield chunk as Uint8Array;
  } catch (error) {
    throw toGzipError(error, name);
  } finally {
    packed.destroy();
  }
}

function toGzipError(error: unknown, name: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== "Z_BUF_ERROR" && code !== "Z_DATA_ERROR") return error;
  const what = code === "Z_BUF_ERROR" ? "ends too early" : "is damaged";
  return new CliError("invalid_gzip", `The gzip data of ${name} ${what}.`, {
    hint: "The whole lines before that place may be imported. Get the file anew and run the command again.",
    cause: error,
  });
}
