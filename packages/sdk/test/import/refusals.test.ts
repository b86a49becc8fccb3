import { chunkSource } from "@hi-stranger/core/codec/byte-source";
import type { ImportReport } from "@hi-stranger/core/contract/imports";
import { describe, expect, test } from "vitest";
import { rowOf } from "../../../core/test/profile-rows.ts";
import { listRefusals, restoreRefusals } from "../../src/import/refusals.ts";
import { type Shard, cutShards } from "../../src/import/shards.ts";

async function shardOf(...lines: string[]): Promise<Shard> {
  async function* chunks() {
    yield new TextEncoder().encode(lines.join("\n"));
  }
  const limits = { maxShardBytes: 1_000_000, maxShardLines: 10_000 };
  const shards = cutShards(chunkSource(chunks()), limits, () => undefined);
  const { value } = await shards.next();
  if (!value) throw new Error("no line to send");
  return value;
}

/** A report that tells of `lineNos`, one error each. */
function reportOf(invalid: number, lineNos: number[], isTruncated: boolean): ImportReport {
  return {
    import_id: `imp_${"0".repeat(26)}`,
    state: "complete",
    started_at: "2026-01-01T00:00:00.000Z",
    finished_at: "2026-01-01T00:00:01.000Z",
    lines_total: 10,
    lines_valid: 10 - invalid,
    lines_invalid: invalid,
    inserted: 10 - invalid,
    updated: 0,
    unchanged: 0,
    errors_sample: lineNos.map((line_no) => ({
      line_no,
      status: 422,
      path: "/told",
      error_code: "told",
      message: "was told",
    })),
    errors_truncated: isTruncated,
    checksum_sha256: null,
    bytes_received: 1,
    shard_id: null,
    notes: null,
  };
}

const good = (index: number) => rowOf(`usr_good0${index}`).line;
const linesOf = (refused: ReturnType<typeof listRefusals>) =>
  refused.map(({ lineNo, errors }) => [lineNo, errors[0]?.errorCode]);

describe("listRefusals", () => {
  test("takes the report at its word when it is whole", async () => {
    const shard = await shardOf("", good(1), "wrong", "", good(2));
    expect(linesOf(listRefusals(shard, reportOf(2, [1, 2], false)))).toEqual([
      [2, "told"],
      [3, "told"],
    ]);
  });

  test("finds what a truncated report leaves out, and the whole of the line where it was cut", async () => {
    const shard = await shardOf("wrong", "wrong", good(1), "wrong", "wrong");
    expect(linesOf(listRefusals(shard, reportOf(4, [1, 2], true)))).toEqual([
      [1, "told"],
      [2, "json_parse_error"],
      [4, "json_parse_error"],
      [5, "json_parse_error"],
    ]);
  });

  test("gives fewer when a store refuses what is valid here", async () => {
    const shard = await shardOf("wrong", good(1), good(2), good(3));
    expect(linesOf(listRefusals(shard, reportOf(4, [1, 2], true)))).toEqual([
      [1, "told"],
      [2, "told"],
    ]);
  });

  test("blames no line beyond the report when a store takes what is invalid here", async () => {
    const shard = await shardOf("wrong", "wrong", "wrong", "wrong");
    expect(linesOf(listRefusals(shard, reportOf(3, [1, 2], true)))).toEqual([
      [1, "told"],
      [2, "json_parse_error"],
    ]);
  });
});

describe("restoreRefusals", () => {
  test("gives a recorded refusal its text again", async () => {
    const shard = await shardOf("", "wrong", good(1), "\ufeffwrong too");
    const errors = [{ path: "", errorCode: "json_parse_error", message: "is not a JSON text" }];
    const record = {
      key: "key",
      importId: "imp",
      linesTotal: 3,
      linesValid: 1,
      linesInvalid: 2,
      inserted: 1,
      updated: 0,
      unchanged: 0,
      refused: [
        { lineNo: 2, errors },
        { lineNo: 4, errors },
      ],
    };
    expect(restoreRefusals(shard, record)).toEqual([
      { lineNo: 2, text: "wrong", errors },
      { lineNo: 4, text: "\ufeffwrong too", errors },
    ]);
  });
});
