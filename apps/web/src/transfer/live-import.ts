/** A file into LIVE, by the engine that the command line uses too. */
import type { ByteSource } from "@hi-stranger/core/codec/byte-source";
import type { Client } from "@hi-stranger/sdk/client";
import type { ImportJournal, ShardRecord } from "@hi-stranger/sdk/import/types";
import type { ImportProgress } from "./import-run.ts";
import type { RefusedLog } from "./refused-log.ts";

interface Options {
  readonly client: Client;
  readonly file: File;
  readonly source: ByteSource;
  readonly refused: RefusedLog;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ImportProgress) => void;
}

/** Small shards, so that progress moves, and a pause takes hold, every second or so. */
const maxShardBytes = 2_000_000;
const concurrency = 3;

/** Finished shards of the files of this visit: sending one again goes on where it stopped. */
const recordsByFile = new Map<string, ShardRecord[]>();

/** @throws as `importInShards` does. */
export async function importIntoLive(options: Options): Promise<void> {
  const { client, file, source, refused, signal, onProgress } = options;
  const { importInShards } = await import("@hi-stranger/sdk/import/import-file");
  const sums = { inserted: 0, updated: 0, unchanged: 0 };
  const importIds: string[] = [];
  const summary = await importInShards({
    runId: crypto.randomUUID(),
    client,
    source,
    signal,
    maxShardBytes,
    concurrency,
    journal: createJournal(file, (record) => {
      sums.inserted += record.inserted;
      sums.updated += record.updated;
      sums.unchanged += record.unchanged;
      importIds.push(record.importId);
    }),
    onRefused: (line) => refused.add(line),
    onProgress: ({ linesRead, linesDone }) =>
      onProgress({
        ...sums,
        lines: linesDone,
        importIds,
        shareDone: linesRead === 0 ? 0 : Math.min(1, linesDone / linesRead),
      }),
  });
  const { inserted, updated, unchanged, linesTotal, shards } = summary;
  onProgress({
    inserted,
    updated,
    unchanged,
    lines: linesTotal,
    importIds: shards.map(({ importId }) => importId),
  });
}

function createJournal(file: File, onRecord: (record: ShardRecord) => void): ImportJournal {
  const name = `${file.name} ${file.size} ${file.lastModified}`;
  const records = recordsByFile.get(name) ?? [];
  recordsByFile.set(name, records);
  return {
    load: () => Promise.resolve(records.slice()),
    record(shard) {
      records.push(shard);
      onRecord(shard);
      return Promise.resolve();
    },
  };
}
