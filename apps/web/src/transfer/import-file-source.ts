/** A chosen file as the bytes of its lines: counted, unpacked when it is gzip, and held while paused. */
import { type ByteSource, streamSource } from "@hi-stranger/core/codec/byte-source";
import { StoreError } from "@hi-stranger/core/errors";

/** Something that can be held and let go. */
export interface Gate {
  pause(): void;
  resume(): void;
  /** Resolves at once, or when the pause is over. */
  wait(): Promise<void>;
}

export interface FileSource {
  readonly source: ByteSource;
  /** Bytes of the file, as it lies on the disk, that were read so far. */
  bytesRead(): number;
}

export function createGate(): Gate {
  let opened: Promise<void> | null = null;
  let open: () => void = () => undefined;
  return {
    pause() {
      opened ??= new Promise((resolve) => {
        open = resolve;
      });
    },
    resume() {
      open();
      opened = null;
    },
    wait: () => opened ?? Promise.resolve(),
  };
}

/** Reads of a packed file that is broken reject with `invalid_gzip`. */
export async function openFileSource(file: Blob, gate: Gate): Promise<FileSource> {
  let bytesRead = 0;
  const counted = file.stream().pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        bytesRead += chunk.length;
        controller.enqueue(chunk);
      },
    }),
  );
  const isPacked = await isGzip(file);
  const source = streamSource(
    isPacked ? counted.pipeThrough(new DecompressionStream("gzip")) : counted,
  );
  return {
    bytesRead: () => bytesRead,
    source: {
      async readInto(...request) {
        await gate.wait();
        await yieldToPage();
        try {
          return await source.readInto(...request);
        } catch (cause) {
          if (!isPacked || !(cause instanceof TypeError)) throw cause;
          throw new StoreError("invalid_gzip", "The file is not a whole gzip file.", { cause });
        }
      },
      cancel: (reason) => source.cancel(reason),
    },
  };
}

/** RFC 1952 section 2.3.1: what a gzip file begins with, whatever it is called. */
async function isGzip(file: Blob): Promise<boolean> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  return first === 0x1f && second === 0x8b;
}

/** Lets the page draw and answer before the next block is worked on. */
export function yieldToPage(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}
