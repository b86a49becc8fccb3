/**
 * Where commands that make many lines put them: stdout, a file that appears when it is whole, or a
 * pipe or device as it comes; packed or not. Whoever writes waits, so memory stays small however
 * slow the reader is.
 */
import { once } from "node:events";
import { extname } from "node:path";
import { type Gzip, createGzip } from "node:zlib";
import type { Output } from "../output.ts";
import { type AtomicFile, createAtomicFile } from "./atomic-file.ts";
import { type ByteStream, openDevice, openPipe } from "./byte-stream.ts";
import { type Destination, findDestination } from "./destination.ts";

export interface LineSink {
  /** How the destination is called, or null when it is stdout. */
  readonly path: string | null;
  write(bytes: Uint8Array): Promise<void>;
  /** Ends the output. Resolves with its size in bytes when all has arrived, a file under its name. */
  finish(): Promise<number>;
  /** Gives the output up: no file appears. Never fails. */
  discard(): Promise<void>;
}

interface Options {
  readonly isGzip: boolean;
  readonly output: Output;
  /** Ends the wait for somebody to read a pipe. */
  readonly signal: AbortSignal;
}

/**
 * Opens `out`, a path or `-` for stdout. A name that ends in `.gz` asks for gzip too. A file that is
 * there keeps its permissions, and a link its place.
 *
 * @throws {CliError} when nothing can be written there.
 */
export async function openLineSink(out: string, options: Options): Promise<LineSink> {
  const { isGzip, output, signal } = options;
  const destination: Destination =
    out === "-" ? { kind: "stdout", path: out } : await findDestination(out);
  const plain = await openPlain(destination, output, signal);
  const sink = isGzip || extname(out) === ".gz" ? packed(plain) : plain;
  return { ...sink, path: destination.kind === "stdout" ? null : out };
}

type Sink = Omit<LineSink, "path">;

async function openPlain(
  { kind, path }: Destination,
  output: Output,
  signal: AbortSignal,
): Promise<Sink> {
  switch (kind) {
    case "file":
      return toFile(await createAtomicFile(path));
    case "stdout":
      return toStdout(output);
    case "pipe":
      return toStream(await openPipe(path, signal));
    case "device":
      return toStream(await openDevice(path));
  }
}

function toFile(file: AtomicFile): Sink {
  return {
    write: (bytes) => file.write(bytes),
    async finish() {
      await file.commit();
      return file.bytesWritten;
    },
    discard: () => file.discard(),
  };
}

function toStream(stream: ByteStream): Sink {
  let bytesWritten = 0;
  return {
    async write(bytes) {
      await stream.write(bytes);
      bytesWritten += bytes.length;
    },
    async finish() {
      await stream.close();
      return bytesWritten;
    },
    // A failure to close says nothing that matters once the output is given up.
    discard: () => stream.close().catch(() => undefined),
  };
}

function toStdout(output: Output): Sink {
  let bytesWritten = 0;
  return {
    async write(bytes) {
      await output.write(bytes);
      bytesWritten += bytes.length;
    },
    finish: async () => bytesWritten,
    discard: async () => undefined,
  };
}

function packed(sink: Sink): Sink {
  const gzip = createGzip();
  const pumped = pump(gzip, sink);
  // Whoever writes or finishes meets the failure.
  pumped.catch(() => undefined);
  return {
    async write(bytes) {
      if (gzip.destroyed) await pumped;
      if (!gzip.write(bytes)) await Promise.race([once(gzip, "drain"), pumped]);
    },
    async finish() {
      gzip.end();
      await pumped;
      return sink.finish();
    },
    async discard() {
      gzip.destroy();
      await pumped.catch(() => undefined);
      await sink.discard();
    },
  };
}

async function pump(gzip: Gzip, sink: Sink): Promise<void> {
  for await (const chunk of gzip) await sink.write(chunk as Uint8Array);
}
