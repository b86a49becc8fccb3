/**
 * The lines that a store refused, in two files beside each other:
 *
 * - `NAME.refused.ndjson`: the lines as they were, in order, and nothing else. Mend them in an
 *   editor and import this very file.
 * - `NAME.refused.reasons.ndjson`: a line of JSON for each: `line_no` in the input,
 *   `refused_line_no` in the first file, and `errors` with `path`, `error_code` and `message`.
 *
 * They appear when the import is over, and only if a line was refused.
 */
import { type Hash, createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import type { RefusedLine } from "@hi-stranger/sdk/import/types";
import { usageError } from "../errors.ts";
import { type AtomicFile, createAtomicFile } from "../files/atomic-file.ts";
import { findDestination } from "../files/destination.ts";

/** A kind of mistake and how many lines have it. */
export interface Reason {
  readonly path: string;
  readonly errorCode: string;
  readonly message: string;
  readonly lineCount: number;
}

export interface RefusedFiles {
  /** Takes a refused line. Calls come in the order of the input and don't overlap. */
  add(line: RefusedLine): Promise<void>;
  /** Puts the files in their places; null when no line was refused. */
  commit(): Promise<{ readonly linesPath: string; readonly reasonsPath: string } | null>;
  /** Throws them away, unless they are in their places. */
  discard(): Promise<void>;
  /** The kinds of mistakes, the most frequent first. */
  reasons(): Reason[];
}

/** Gives the bytes of a line that has no text, or nothing when they can't be had again. */
type ReadRawLine = (lineNo: number) => AsyncIterable<Uint8Array>;

/** Most kinds of mistakes counted apart, so that a strange file can't fill the memory. */
const maxReasons = 1_000;

export interface RefusedFilesOptions {
  readonly linesPath: string;
  /** Whether a file that is there may be replaced; else the next free name is taken, so that what somebody is mending stays. */
  readonly mayReplace: boolean;
  readonly readRawLine: ReadRawLine;
}

export function createRefusedFiles(options: RefusedFilesOptions): RefusedFiles {
  const { linesPath, mayReplace, readRawLine } = options;
  const hash = createHash("sha256");
  const tally = createReasonTally();
  let files: { lines: AtomicFile; reasons: AtomicFile } | null = null;
  let refusedLineNo = 0;

  return {
    async add(line) {
      files ??= {
        lines: await createAtomicFile(linesPath),
        reasons: await createAtomicFile(toReasonsPath(linesPath)),
      };
      tally.add(line);
      const hasLine = await copyLine(line, files.lines, hash, readRawLine);
      if (hasLine) refusedLineNo += 1;
      const reason = {
        line_no: line.lineNo,
        refused_line_no: hasLine ? refusedLineNo : null,
        errors: line.errors.map(({ path, errorCode, message }) => ({
          path,
          error_code: errorCode,
          message,
        })),
      };
      await files.reasons.write(Buffer.from(`${JSON.stringify(reason)}\n`));
    },

    async commit() {
      if (!files) return null;
      const path = mayReplace ? linesPath : await chooseFree(linesPath, hash.digest("hex"));
      const reasonsPath = toReasonsPath(path);
      await files.lines.commit(path);
      await files.reasons.commit(reasonsPath);
      return { linesPath: path, reasonsPath };
    },

    async discard() {
      await files?.lines.discard();
      await files?.reasons.discard();
    },

    reasons: tally.list,
  };
}

/** Whether the line could be written. */
async function copyLine(
  { lineNo, text }: RefusedLine,
  file: AtomicFile,
  hash: Hash,
  readRawLine: ReadRawLine,
): Promise<boolean> {
  const write = async (bytes: Uint8Array) => {
    hash.update(bytes);
    await file.write(bytes);
  };
  if (text !== null) {
    await write(Buffer.from(`${text}\n`));
    return true;
  }
  let hasBytes = false;
  for await (const bytes of readRawLine(lineNo)) {
    await write(bytes);
    hasBytes = true;
  }
  if (hasBytes) await write(Buffer.from("\n"));
  return hasBytes;
}

function createReasonTally() {
  const reasonsByKey = new Map<string, Reason>();
  return {
    add({ errors }: RefusedLine): void {
      const ownKeys = new Set<string>();
      for (const { path, errorCode, message } of errors) {
        const place = path.replace(/\/\d+(?=\/|$)/g, "/*");
        const key = `${errorCode} ${place}`;
        const known = reasonsByKey.get(key);
        if (ownKeys.has(key) || (!known && reasonsByKey.size >= maxReasons)) continue;
        ownKeys.add(key);
        const lineCount = (known?.lineCount ?? 0) + 1;
        reasonsByKey.set(key, { path: place, errorCode, message, lineCount });
      }
    },
    list: () => [...reasonsByKey.values()].toSorted((a, b) => b.lineCount - a.lineCount),
  };
}

/** The reasons' place, beside the lines'. */
function toReasonsPath(linesPath: string): string {
  const extension = extname(linesPath);
  return `${linesPath.slice(0, linesPath.length - extension.length)}.reasons${extension || ".ndjson"}`;
}

/**
 * Where the refused lines of `inputPath`, or of stdin for null, go: to `given`, if somebody said so.
 *
 * @throws {CliError} when `given` is no place for a file.
 */
export async function chooseLinesPath(
  given: string | undefined,
  inputPath: string | null,
): Promise<string> {
  if (given === undefined) return defaultLinesPath(inputPath);
  const { kind, path } = await findDestination(given);
  if (kind === "file") return path;
  throw usageError(
    `Refused lines go into a file, and ${given} is none.`,
    "Name a file; the reasons get one beside it.",
  );
}

function defaultLinesPath(inputPath: string | null): string {
  const stem = inputPath?.replace(/(\.(ndjson|jsonl|json))?(\.gz)?$/i, "") ?? "stdin";
  return `${stem}.refused.ndjson`;
}

/** `path`, or the first of its numbered neighbours that is free or holds just these lines. */
async function chooseFree(path: string, sha256: string): Promise<string> {
  const stem = path.slice(0, path.length - extname(path).length);
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? path : `${stem}-${number}${extname(path)}`;
    const known = await readFile(candidate).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw error;
    });
    if (known === null) return candidate;
    if (createHash("sha256").update(known).digest("hex") === sha256) return candidate;
  }
}
