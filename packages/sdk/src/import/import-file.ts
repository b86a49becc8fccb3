/**
 * Imports a file of any size into a store behind the API.
 *
 * The file is cut into shards, each sent under an idempotency key made of its content, some at a
 * time. So an import may be killed at any moment and run again: what was stored is not stored
 * twice, and with a journal the summary and the refused lines are those of the whole file. A shard
 * that holds an id of an earlier one waits for it, as later lines win over earlier ones.
 *
 * Memory is bounded by the shards under way, whatever the file's size. Web APIs only.
 */
import type { ImportReport } from "@hi-stranger/core/contract/imports";
import { StoreError } from "@hi-stranger/core/errors";
import { sha256 } from "@noble/hashes/sha2.js";
import { platformPace } from "../pace.ts";
import { createCrossing, createQueue, createSlots } from "./flow.ts";
import { openInput, unlessAborted } from "./input.ts";
import { packShard, toShardKey } from "./pack.ts";
import { sendShard } from "./send.ts";
import { type Shard, cutShards } from "./shards.ts";
import { createTally } from "./tally.ts";
import type { ImportOptions, ImportSummary, RefusedLine, ShardRecord } from "./types.ts";

/** What the edge stores in one transaction: light to repeat, and large enough that its overhead is small. */
export const defaultMaxShardBytes = 3_200_000;
/** Keeps the memory of a shard of tiny lines in bounds. */
const maxShardLines = 50_000;

/** The verdict on a shard. */
interface Outcome {
  /** Null when none of its lines was sent. */
  readonly record: ShardRecord | null;
  readonly refused: readonly RefusedLine[];
  readonly isResumed: boolean;
}

/**
 * Runs an import to its end. Refused lines don't end it: the summary counts them.
 *
 * @throws {StoreError} when a shard can't be sent; the detail names its lines. What was
 *   acknowledged before stays stored, and running the import again goes on from there.
 * @throws the signal's reason when it is aborted, once nothing is under way any more.
 */
export async function importInShards(options: ImportOptions): Promise<ImportSummary> {
  const { source, journal, concurrency = 4, onProgress, onRefused } = options;
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  const hash = options.createSha256?.() ?? sha256.create();
  const input = openInput(source, hash, signal);
  const tally = createTally();
  const slots = createSlots(concurrency);
  const outcomes: Promise<Outcome>[] = [];
  let isReadToEnd = false;
  const report = () => onProgress?.(tally.progress(input.bytesRead(), isReadToEnd));

  /** Takes the outcome of the earliest shard: refused lines are told in the order of the file. */
  const settleFirst = async () => {
    const outcome = await unlessAborted(outcomes[0] as Promise<Outcome>, signal);
    void outcomes.shift();
    for (const line of outcome.refused) await onRefused?.(line);
  };

  const runner = createRunner(options, signal);
  const take = async (shard: Shard): Promise<Outcome> => {
    try {
      const outcome = await runner.run(shard);
      tally.add(shard, outcome.record, outcome.isResumed);
      report();
      return outcome;
    } catch (error) {
      // The others end too, and the reading with them.
      stop.abort(error);
      throw error;
    } finally {
      slots.release();
    }
  };

  try {
    runner.resume((await journal?.load()) ?? []);
    const limits = { maxShardBytes: options.maxShardBytes ?? defaultMaxShardBytes, maxShardLines };
    const onLines = (linesRead: number) => {
      tally.read(linesRead);
      report();
    };
    for await (const shard of cutShards(input, limits, onLines)) {
      await unlessAborted(slots.acquire(), signal);
      while (outcomes.length >= 2 * concurrency) await settleFirst();
      const outcome = take(shard);
      // Its failure is met through the signal; here it only must not count as unhandled.
      outcome.catch(() => undefined);
      outcomes.push(outcome);
    }
    isReadToEnd = true;
    while (outcomes.length > 0) await settleFirst();
    report();
    return tally.summary(input.bytesRead(), input.digest());
  } catch (error) {
    stop.abort(error);
    await input.cancel(error).catch(() => undefined);
    await Promise.allSettled(outcomes);
    throw error;
  }
}

/** Makes what takes shards from their lines to their verdict. */
function createRunner(options: ImportOptions, signal: AbortSignal) {
  const { journal, isGzip = true, pace = platformPace } = options;
  const recordsByKey = new Map<string, ShardRecord>();
  const crossing = createCrossing();
  const inTurn = createQueue();

  const send = async (shard: Shard, key: string, mayStart: Promise<void>): Promise<Outcome> => {
    const packed = await packShard(shard, isGzip);
    await unlessAborted(mayStart, signal);
    const { shardNo } = shard;
    const { report } = await sendShard(packed, { ...options, shardNo, key, pace, signal });
    const { record, refused } = await readReport(shard, key, report);
    await inTurn(async () => journal?.record(record));
    return { record, refused: inOrder(shard.faulty, refused), isResumed: false };
  };

  const runOnce = async (shard: Shard, mayStart: Promise<void>): Promise<Outcome> => {
    if (shard.bytes.length === 0) return { record: null, refused: shard.faulty, isResumed: false };
    const key = await toShardKey(shard);
    const record = recordsByKey.get(key);
    if (!record) return send(shard, key, mayStart);
    const restored =
      record.refused.length === 0 ? [] : (await loadRefusals()).restoreRefusals(shard, record);
    return { record, refused: inOrder(shard.faulty, restored), isResumed: true };
  };

  return {
    /** Takes in what earlier runs finished. */
    resume(records: readonly ShardRecord[]): void {
      for (const record of records) recordsByKey.set(record.key, record);
    },

    /** Runs a shard; to be called in the order of the file. */
    run(shard: Shard): Promise<Outcome> {
      const mayStart = crossing.clear(shard.ids);
      // A shard that ends before it would start doesn't look at it.
      mayStart.catch(() => undefined);
      const outcome = runOnce(shard, mayStart).catch((error: unknown) => {
        throw signal.aborted ? error : naming(error, shard);
      });
      crossing.enter(shard.ids, outcome);
      return outcome;
    },
  };
}

/** To explain a refused line takes the schema's code, which is large: without one it isn't loaded. */
const loadRefusals = () => import("./refusals.ts");

async function readReport(shard: Shard, key: string, report: ImportReport) {
  const sentCount = new Set(shard.lineNos).size;
  if (report.lines_total !== sentCount || report.lines_valid + report.lines_invalid !== sentCount) {
    throw new StoreError(
      "internal_error",
      `The store's report ${report.import_id} does not account for every line that was sent.`,
    );
  }
  const refused =
    report.lines_invalid === 0 ? [] : (await loadRefusals()).listRefusals(shard, report);
  const record: ShardRecord = {
    key,
    importId: report.import_id,
    linesTotal: report.lines_total,
    linesValid: report.lines_valid,
    linesInvalid: report.lines_invalid,
    inserted: report.inserted,
    updated: report.updated,
    unchanged: report.unchanged,
    refused: refused.map(({ lineNo, errors }) => ({ lineNo, errors })),
  };
  return { record, refused };
}

function inOrder(...lists: readonly (readonly RefusedLine[])[]): RefusedLine[] {
  return lists.flat().sort((a, b) => a.lineNo - b.lineNo);
}

/** `error` with the lines that it kept from being imported. */
function naming(error: unknown, { firstLineNo, lastLineNo }: Shard): unknown {
  if (!(error instanceof StoreError)) return error;
  return new StoreError(
    error.code,
    `Lines ${firstLineNo} to ${lastLineNo} were not imported. ${error.detail}`,
    { ...error.extra, cause: error },
  );
}
