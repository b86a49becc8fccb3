/**
 * Where commands that make many lines put them: stdout, or a file that appears when it is whole;
 * packed or not. Whoever writes waits, so memory stays small however slow the reader is.
 */
import { once } from "node:events";
import { extname } from "node:path";
import { type Gzip, createGzip } from "node:zlib";
import type { Output } from "../output.ts";
import { type AtomicFile, createAtomicFile } from "./atomic-file.ts";

export interface LineSink {
  /** How the destination is called, or null when it is stdout. */
  readonly path: string | null;
  write(bytes: Uint8Array): Promise<void>;
  /** Ends the output. Resolves with its size in bytes when all has arrived, a file under its name. */
  finish(): Promise<number>;
  /** Gives the output up: no file appears. Never fails. */
  discard(): Promise<void>;
}

/** Opens `out`, a path or `-` for stdout. A name that ends in `.gz` asks for gzip too. */
export async function openLineSink(
  out: string,
  { isGzip, output }: { isGzip: boolean; output: Output },
): Promise<LineSink> {
  const file = out === "-" ? null : await createAtomicFile(out);
  const plain = file ? toFile(file) : toStdout(output);
  const sink = isGzip || extname(out) === ".gz" ? packed(plain) : plain;
  return { ...sink, path: file ? out : null };
}

type Sink = Omit<LineSink, "path">;

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
