/** What the tests of imports share: files made of lines, and what is to become of them. */
import { type ByteSource, chunkSource } from "@hi-stranger/core/codec/byte-source";
import { readLines } from "@hi-stranger/core/codec/ndjson";
import { readProfileLine } from "@hi-stranger/core/schema/profile-line";
import type { Client } from "../../src/client.ts";
import type { Pace } from "../../src/pace.ts";
import type {
  ImportJournal,
  LineProblem,
  RefusedLine,
  ShardRecord,
} from "../../src/import/types.ts";

export function sourceOf(bytes: Uint8Array, chunkBytes = 50_000): ByteSource {
  async function* chunks() {
    for (let start = 0; start < bytes.length; start += chunkBytes) {
      yield bytes.subarray(start, start + chunkBytes);
    }
  }
  return chunkSource(chunks());
}

export function toFile(
  lines: readonly (string | Uint8Array)[],
  ending = "\n",
): Uint8Array<ArrayBuffer> {
  return new Uint8Array(
    Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from(ending)])),
  );
}

/** What a file says on its own, read in one go: the model of an import. */
export async function readFileAsModel(bytes: Uint8Array) {
  const linesById = new Map<string, string>();
  const refused: RefusedLine[] = [];
  let validCount = 0;
  for await (const batch of readLines(sourceOf(bytes), { maxTotalBytes: Infinity })) {
    for (const [index, line] of batch.lines.entries()) {
      const lineNo = batch.firstLineNo + index;
      const verdict = judge(line);
      if (verdict === null) continue;
      if (verdict.errors) refused.push({ lineNo, text: verdict.text, errors: verdict.errors });
      else {
        validCount += 1;
        linesById.set(verdict.id, verdict.line);
      }
    }
  }
  const lines = [...linesById].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
  return { lines, refused, validCount };
}

const faultMessages = {
  invalid_utf8: "is not UTF-8",
  line_too_large: "is longer than 131072 bytes",
};

type Verdict =
  | { readonly errors: readonly LineProblem[]; readonly text: string | null }
  | { readonly errors: null; readonly id: string; readonly line: string };

/** Null for a blank line. */
function judge(line: string | { fault: keyof typeof faultMessages }): Verdict | null {
  if (typeof line !== "string") {
    const { fault } = line;
    const message = faultMessages[fault];
    return { text: null, errors: [{ path: "", errorCode: fault, message }] };
  }
  if (line.trim() === "") return null;
  const read = readProfileLine(line);
  return "violations" in read
    ? { text: line, errors: read.violations }
    : { errors: null, id: read.profile.profile_id, line: read.line };
}

/** Every line that is stored, in the order of the ids. */
export async function storedLines(client: Client): Promise<string[]> {
  const text = await new Response(await client.exportProfiles()).text();
  return text.split("\n").filter(Boolean);
}

export interface MemoryJournal extends ImportJournal {
  readonly records: ShardRecord[];
}

export function memoryJournal(records: ShardRecord[] = []): MemoryJournal {
  return {
    records,
    load: async () => structuredClone(records),
    record: async (shard) => void records.push(structuredClone(shard)),
  };
}

/** A clock that stands still but for the waits, which end at once and are noted. */
export function virtualPace() {
  const waitsMs: number[] = [];
  let nowMs = 0;
  const pace: Pace = {
    now: () => nowMs,
    random: () => 0.5,
    async sleep(ms, signal) {
      signal.throwIfAborted();
      waitsMs.push(ms);
      nowMs += ms;
      // Lets answers arrive, as time would.
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
  return { pace, waitsMs };
}

/** Never gives up, and asks a real server again soon, whatever it said. */
export const eagerPace: Pace = {
  now: () => 0,
  random: () => 0,
  sleep: (ms) => new Promise((resolve) => void setTimeout(resolve, Math.min(ms, 25))),
};
