/** Lines into this browser's own store, by the reader and the rules that every home has. */
import type { ByteSource } from "@hi-stranger/core/codec/byte-source";
import { readLines } from "@hi-stranger/core/codec/ndjson";
import { StoreError } from "@hi-stranger/core/errors";
import { readProfileLine } from "@hi-stranger/core/schema/profile-line";
import type { Violation } from "@hi-stranger/core/schema/violations";
import {
  type ProfileRow,
  type ProfileStore,
  toProfileRow,
} from "@hi-stranger/core/store/profile-store";
import { findPersonalData } from "@hi-stranger/sdk/personal-data";
import type { ImportCounts } from "./import-run.ts";
import { yieldToPage } from "./import-file-source.ts";
import type { RefusedLog } from "./refused-log.ts";

interface Options {
  readonly store: ProfileStore;
  readonly source: ByteSource;
  readonly refused: RefusedLog;
  readonly signal: AbortSignal;
  readonly onProgress: (counts: ImportCounts) => void;
}

const nothing: ImportCounts = { lines: 0, inserted: 0, updated: 0, unchanged: 0, unsaved: 0 };

/**
 * Reads to the end even when the storage is full, so that the report tells of every line.
 *
 * @throws the signal's reason once it is aborted, and whatever the store throws but a full storage.
 */
export async function importIntoDevice(options: Options): Promise<void> {
  const { store, source, refused, signal, onProgress } = options;
  let counts = nothing;
  let isFull = false;
  for await (const batch of readLines(source, { maxTotalBytes: Number.MAX_SAFE_INTEGER })) {
    signal.throwIfAborted();
    const rows: ProfileRow[] = [];
    for (const [index, line] of batch.lines.entries()) {
      if (line === "") continue;
      counts = { ...counts, lines: counts.lines + 1 };
      const row = readRow(line);
      if ("violations" in row) {
        const text = typeof line === "string" ? line : null;
        refused.add({ lineNo: batch.firstLineNo + index, text, errors: row.violations });
      } else rows.push(row);
    }
    const written: ImportCounts = isFull
      ? { ...nothing, unsaved: rows.length }
      : await writeRows(store, rows);
    isFull ||= written.unsaved > 0;
    counts = {
      lines: counts.lines,
      inserted: counts.inserted + written.inserted,
      updated: counts.updated + written.updated,
      unchanged: counts.unchanged + written.unchanged,
      unsaved: counts.unsaved + written.unsaved,
    };
    onProgress(counts);
  }
}

function readRow(
  line: string | { readonly fault: string },
): ProfileRow | { readonly violations: readonly Violation[] } {
  if (typeof line !== "string") {
    return { violations: [{ path: "", errorCode: line.fault, message: "is not a line of text" }] };
  }
  const read = readProfileLine(line);
  if ("violations" in read) return read;
  const findings = findPersonalData(read.profile);
  if (findings.length === 0) return toProfileRow(read);
  return {
    violations: findings.map(({ path, kind }) => ({
      path,
      errorCode: `personal_${kind}`,
      message: "looks like personal data",
    })),
  };
}

/** Writes all rows, or as many from the start as there is room for. */
async function writeRows(store: ProfileStore, rows: readonly ProfileRow[]): Promise<ImportCounts> {
  if (rows.length === 0) return nothing;
  try {
    return { ...nothing, ...(await store.write(rows)) };
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "quota_exceeded") throw error;
    if (rows.length === 1) return { ...nothing, unsaved: 1 };
  }
  await yieldToPage();
  const middle = Math.ceil(rows.length / 2);
  const first = await writeRows(store, rows.slice(0, middle));
  if (first.unsaved > 0) return { ...first, unsaved: first.unsaved + rows.length - middle };
  const second = await writeRows(store, rows.slice(middle));
  return {
    lines: 0,
    inserted: first.inserted + second.inserted,
    updated: first.updated + second.updated,
    unchanged: first.unchanged + second.unchanged,
    unsaved: second.unsaved,
  };
}
