/** A journal in a file, one record a line: what a command line keeps beside a long import. */
import { appendFile, readFile } from "node:fs/promises";
import type { ImportJournal, ShardRecord } from "../../src/import/types.ts";

export function fileJournal(path: string): ImportJournal {
  return {
    async load() {
      const text = await readFile(path, "utf8").catch(() => "");
      // A process that was killed may have left half a line.
      const whole = text.slice(0, text.lastIndexOf("\n") + 1);
      return whole
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as ShardRecord);
    },
    record: (shard) => appendFile(path, `${JSON.stringify(shard)}\n`),
  };
}
