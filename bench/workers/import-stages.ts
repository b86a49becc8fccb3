/**
 * An import cut short after each of its stages, by the product's own code: `POST /STAGE` does
 * everything up to that stage and answers how many lines it saw.
 */
import { systemClock } from "@hi-stranger/core/clock";
import { streamSource } from "@hi-stranger/core/codec/byte-source";
import { readLines } from "@hi-stranger/core/codec/ndjson";
import { maxImportBytes, maxUnpackedBytes } from "@hi-stranger/core/contract/imports";
import { readProfileLine } from "@hi-stranger/core/schema/profile-line";
import { type ProfileRow, toProfileRow } from "@hi-stranger/core/store/profile-store";
import type { Env } from "../../apps/edge/src/env.ts";
import { openImportBody } from "../../apps/edge/src/services/import-body.ts";
import { maxGroupBytes, toChunks } from "../../apps/edge/src/stores/profile-sql.ts";
import { createD1ProfileStore } from "../../apps/edge/src/stores/profiles.d1.ts";

type Group = readonly ProfileRow[];

export default {
  async fetch(request, env) {
    const stage = new URL(request.url).pathname.slice(1);
    const { body } = request;
    if (!body || !env.DB) return new Response("a body and D1 are needed", { status: 400 });
    return Response.json({ lines: await runStage(stage, body, env.DB) });
  },
} satisfies ExportedHandler<Env>;

async function runStage(stage: string, body: ReadableStream, db: D1Database): Promise<number> {
  switch (stage) {
    case "read":
      return drain(streamSource(body));
    case "hash":
      return drain(openBody(body).received);
    case "split":
      return eachLine(body, () => undefined);
    case "parse":
      return eachLine(body, (line) => void JSON.parse(line));
    case "check":
      return eachGroup(body, () => Promise.resolve());
    case "send":
      return eachGroup(body, async (rows) => {
        const chunks = toChunks(rows);
        const tests = chunks.map((_, index) => `?${index + 1} IS NULL`).join(", ");
        await db
          .prepare(`SELECT ${tests}`)
          .bind(...chunks)
          .run();
      });
    case "store": {
      const store = createD1ProfileStore(db, systemClock);
      return eachGroup(body, async (rows) => void (await store.write(rows)));
    }
    default:
      throw new RangeError(`there is no stage ${stage}`);
  }
}

function openBody(body: ReadableStream) {
  return openImportBody(body, { isGzip: false, maxBytes: maxImportBytes });
}

async function drain(source: ReturnType<typeof streamSource>): Promise<number> {
  let buffer = new Uint8Array(512 * 1024);
  for (;;) {
    const read = await source.readInto(buffer, 0, buffer.length);
    if (read.done) return 0;
    buffer = read.buffer;
  }
}

async function eachLine(body: ReadableStream, use: (line: string) => void): Promise<number> {
  let lineCount = 0;
  const source = openBody(body).unpacked();
  for await (const { lines } of readLines(source, { maxTotalBytes: maxUnpackedBytes })) {
    for (const line of lines) {
      if (typeof line === "string" && line !== "") use(line);
      lineCount += 1;
    }
  }
  return lineCount;
}

/** Gathers checked rows into groups as the product does. */
async function eachGroup(body: ReadableStream, use: (rows: Group) => Promise<void>) {
  const source = openBody(body).unpacked();
  let rows: ProfileRow[] = [];
  let groupBytes = 0;
  let lineCount = 0;
  for await (const { lines } of readLines(source, { maxTotalBytes: maxUnpackedBytes })) {
    for (const line of lines) {
      if (typeof line !== "string" || line === "") continue;
      const read = readProfileLine(line);
      if ("violations" in read) throw new Error("a line is not valid");
      const row = toProfileRow(read);
      if (groupBytes + row.line.length > maxGroupBytes) {
        await use(rows);
        rows = [];
        groupBytes = 0;
      }
      rows.push(row);
      groupBytes += row.line.length + 1;
      lineCount += 1;
    }
  }
  if (rows.length > 0) await use(rows);
  return lineCount;
}
