/**
 * Files in memory that lose power or run full when they are told to. What was written since a file
 * was last flushed may or may not outlive a loss of power, each write for itself.
 */
import type { OpenFile } from "../../../src/web/sqlite/vfs.ts";

type Change = (content: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;

export interface FragileDisk {
  readonly files: ReadonlyMap<string, OpenFile>;
  /** How many changes and flushes were asked for so far. */
  operations(): number;
  /** Loses power at operation `number`: it and all later ones fail. */
  losePowerAt(number: number): void;
  /** How many bytes all files may have together. */
  capBytes(maxBytes: number): void;
  /** The disk after the loss of power; `survives` says of each change that was not flushed whether it got through. */
  restart(survives: () => boolean): FragileDisk;
}

interface FileState {
  durable: Uint8Array<ArrayBuffer>;
  /** As the running system sees it. */
  current: Uint8Array<ArrayBuffer>;
  pending: Change[];
}

export function createFragileDisk(
  names: readonly string[],
  contents: ReadonlyMap<string, Uint8Array<ArrayBuffer>> = new Map(),
): FragileDisk {
  let count = 0;
  let powerLossAt = Number.POSITIVE_INFINITY;
  let maxBytes = Number.POSITIVE_INFINITY;
  const states = new Map(
    names.map((name): [string, FileState] => {
      const content = contents.get(name) ?? new Uint8Array();
      return [name, { durable: content, current: content, pending: [] }];
    }),
  );
  const operate = () => {
    count += 1;
    if (count >= powerLossAt) throw new Error("the power is gone");
  };
  const change = (state: FileState, apply: Change) => {
    operate();
    const next = apply(state.current);
    const others = [...states.values()].filter((other) => other !== state);
    const bytes = others.reduce((sum, { current }) => sum + current.length, next.length);
    if (bytes > maxBytes) throw new DOMException("full", "QuotaExceededError");
    state.current = next;
    state.pending.push(apply);
  };

  const toFile = (state: FileState): OpenFile => ({
    read(into, { at }) {
      const bytes = state.current.subarray(at, at + into.length);
      into.set(bytes);
      return bytes.length;
    },
    write(bytes, { at }) {
      const copy = bytes.slice();
      change(state, (content) => overwrite(content, at, copy));
      return copy.length;
    },
    truncate: (byteLength) => change(state, (content) => resize(content, byteLength)),
    flush() {
      operate();
      state.durable = state.current;
      state.pending = [];
    },
    getSize: () => state.current.length,
    close: () => undefined,
  });

  return {
    files: new Map([...states].map(([name, state]) => [name, toFile(state)])),
    operations: () => count,
    losePowerAt(number) {
      powerLossAt = number;
    },
    capBytes(bytes) {
      maxBytes = bytes;
    },
    restart(survives) {
      const survivors = [...states].map(([name, { durable, pending }]) => {
        const kept = pending.filter(survives);
        return [name, kept.reduce((content, apply) => apply(content), durable)] as const;
      });
      return createFragileDisk(names, new Map(survivors));
    },
  };
}

function resize(content: Uint8Array<ArrayBuffer>, byteLength: number): Uint8Array<ArrayBuffer> {
  const next = new Uint8Array(byteLength);
  next.set(content.subarray(0, byteLength));
  return next;
}

function overwrite(
  content: Uint8Array<ArrayBuffer>,
  at: number,
  bytes: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const next = resize(content, Math.max(content.length, at + bytes.length));
  next.set(bytes, at);
  return next;
}
