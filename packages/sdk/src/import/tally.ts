/** Adds up an import, for its progress and its summary. */
import type { Shard } from "./shards.ts";
import type { ImportProgress, ImportSummary, ShardRecord, ShardSummary } from "./types.ts";

export interface Tally {
  /** Notes that lines up to this one have been read. */
  read(linesRead: number): void;
  /** Adds a shard; `record` is null when none of its lines was sent. */
  add(shard: Shard, record: ShardRecord | null, isResumed: boolean): void;
  progress(bytesRead: number, isReadToEnd: boolean): ImportProgress;
  summary(bytesRead: number, inputSha256: string): ImportSummary;
}

export function createTally(): Tally {
  const counts = {
    linesTotal: 0,
    linesValid: 0,
    linesInvalid: 0,
    inserted: 0,
    updated: 0,
    unchanged: 0,
  };
  const shards: ShardSummary[] = [];
  let linesRead = 0;
  let linesUnexplained = 0;
  let shardsResumed = 0;
  return {
    read(lines) {
      linesRead = lines;
    },

    add({ shardNo, firstLineNo, lastLineNo, faulty }, record, isResumed) {
      counts.linesTotal += faulty.length;
      counts.linesInvalid += faulty.length;
      if (!record) return;
      for (const name of Object.keys(counts) as (keyof typeof counts)[]) {
        counts[name] += record[name];
      }
      linesUnexplained += record.linesInvalid - record.refused.length;
      shardsResumed += Number(isResumed);
      const { importId } = record;
      shards.push({ shardNo, firstLineNo, lastLineNo, importId, isResumed });
    },

    progress: (bytesRead, isReadToEnd) => ({
      bytesRead,
      linesRead,
      linesDone: counts.linesTotal,
      linesRefused: counts.linesInvalid,
      shardsDone: shards.length,
      shardsResumed,
      isReadToEnd,
    }),

    summary: (bytesRead, inputSha256) => ({
      ...counts,
      bytesRead,
      inputSha256,
      shards: shards.toSorted((a, b) => a.shardNo - b.shardNo),
      linesUnexplained,
    }),
  };
}
