/**
 * Imports a file in a process of its own, which a test kills. Says on a line of its output when the
 * journal has taken a shard.
 *
 * Arguments: base address, file, journal. The token comes in HI_TOKEN.
 */
import { createReadStream } from "node:fs";
import { chunkSource } from "@hi-stranger/core/codec/byte-source";
import { createClient } from "../../src/client.ts";
import { importInShards } from "../../src/import/import-file.ts";
import { fileJournal } from "./file-journal.ts";

const [baseUrl = "", file = "", journalPath = ""] = process.argv.slice(2);
const journal = fileJournal(journalPath);

await importInShards({
  runId: "a-run",
  client: createClient({ baseUrl, token: process.env["HI_TOKEN"] }),
  source: chunkSource(createReadStream(file)),
  maxShardBytes: 20_000,
  journal: {
    load: journal.load,
    async record(shard) {
      await journal.record(shard);
      process.stdout.write("shard\n");
    },
  },
});
