import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { AuditFault } from "../../src/audit/fault.ts";
import type { AuditEntry } from "../../src/contract/audit.ts";
import {
  type MadeLog,
  everySevenHours,
  makeLog,
  monthMs,
  rechain,
  startMs,
  verify,
} from "./support.ts";

const count = 40;
let log: MadeLog;
beforeAll(async () => {
  log = await makeLog(everySevenHours(count));
});

/** The fault that is found in the log once it is changed. */
async function faultOf(change: Partial<MadeLog>): Promise<Pick<AuditFault, "code" | "seq">> {
  const error: unknown = await verify({ ...log, ...change }).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ name: "AuditFault" });
  const { code, seq } = error as AuditFault;
  return { code, seq };
}

/** The entries with the one of `seq` replaced by `by`. */
const replaced = (seq: number, by: (entry: AuditEntry) => readonly AuditEntry[]) =>
  log.entries.flatMap((entry) => (entry.seq === seq ? by(entry) : [entry]));

const someSeq = fc.integer({ min: 1, max: count });
/** The last entry of the log is covered by no checkpoint; of those covered, all but the first. */
const innerSeq = fc.integer({ min: 2, max: count - 4 });

describe("verifying", () => {
  it("accepts a log that nobody touched, and says how far it is signed", async () => {
    const report = await verify(log);
    const signedSeq = log.checkpoints.at(-1)?.last_seq;
    expect(report).toEqual({
      entryCount: count,
      firstSeq: 1,
      lastSeq: count,
      signedSeq,
      checkpointCount: log.checkpoints.length,
      lastDay: log.checkpoints.at(-1)?.day,
    });
    expect(signedSeq).toBeGreaterThan(count - 4);
  });

  it("accepts a log without an entry, and one without a day that has ended", async () => {
    expect(await verify({ ...log, entries: [], checkpoints: [] })).toMatchObject({ lastSeq: 0 });
    expect(await verify(await makeLog(everySevenHours(1)))).toMatchObject({ signedSeq: 0 });
  });

  it("accepts days without an entry", async () => {
    const sparse = await makeLog([{ atMs: startMs }, { atMs: startMs + monthMs }]);
    expect(sparse.checkpoints.filter((each) => each.count === 0)).toHaveLength(29);
    expect(await verify(sparse)).toMatchObject({ entryCount: 2, signedSeq: 1 });
  });

  it("finds any member of any entry that was changed, at that entry", async () => {
    const changes: ((entry: AuditEntry) => Partial<AuditEntry>)[] = [
      ({ at }) => ({ at: new Date(Date.parse(at) + 1).toISOString() }),
      () => ({ actor: "system" }),
      () => ({ action: "token.created" }),
      () => ({ subject: "persona:1.other" }),
      ({ subject }) => ({ subject: subject === null ? "" : null }),
      () => ({ outcome: "failed" }),
      () => ({ detail: { count: count + 1 } }),
      ({ detail }) => ({ detail: { ...detail, seconds: 1 } }),
      ({ hash }) => ({ hash: hash.replace(/^./, (digit) => (digit === "0" ? "1" : "0")) }),
    ];
    await fc.assert(
      fc.asyncProperty(someSeq, fc.constantFrom(...changes), async (seq, change) => {
        const entries = replaced(seq, (entry) => [{ ...entry, ...change(entry) }]);
        expect(await faultOf({ entries })).toEqual({ code: "entry_changed", seq });
      }),
    );
  });

  it("finds an entry that was removed, one that was repeated, and two that changed places", async () => {
    await fc.assert(
      fc.asyncProperty(innerSeq, async (seq) => {
        const without = replaced(seq, () => []);
        expect(await faultOf({ entries: without })).toEqual({ code: "entry_missing", seq });
        const doubled = replaced(seq, (entry) => [entry, entry]);
        expect(await faultOf({ entries: doubled })).toEqual({ code: "order_broken", seq });
        const next = log.entries[seq];
        const swapped = replaced(seq, (entry) => (next ? [next, entry] : [entry]));
        expect(await faultOf({ entries: swapped })).toEqual({ code: "entry_missing", seq });
      }),
    );
  });

  it("finds an entry that was changed, inserted or removed by the next checkpoint when the rest was hashed anew", async () => {
    await fc.assert(
      fc.asyncProperty(innerSeq, async (seq) => {
        const rewritten = [
          replaced(seq, (entry) => [{ ...entry, actor: "system" }]),
          replaced(seq, (entry) => [entry, entry]),
          replaced(seq, () => []),
        ];
        for (const entries of rewritten) {
          const { code } = await faultOf({ entries: await rechain(entries) });
          expect(["checkpoint_mismatch", "end_missing"]).toContain(code);
        }
      }),
      { numRuns: 20 },
    );
  });

  it("finds an end that was cut off, as far as it was signed", async () => {
    const signedSeq = log.checkpoints.at(-1)?.last_seq ?? 0;
    for (const kept of [0, 1, signedSeq - 1]) {
      const entries = log.entries.slice(0, kept);
      expect(await faultOf({ entries })).toEqual({ code: "end_missing", seq: kept + 1 });
    }
    const unsigned = log.entries.slice(0, signedSeq);
    expect(await verify({ ...log, entries: unsigned })).toMatchObject({ lastSeq: signedSeq });
  });

  it("finds a beginning that was cut off without a word", async () => {
    for (const seq of [1, 7, 20]) {
      const entries = log.entries.slice(seq);
      expect(await faultOf({ entries })).toEqual({ code: "start_missing", seq });
    }
  });

  it("finds a checkpoint that was changed, removed or signed by another key", async () => {
    const [first, ...rest] = log.checkpoints;
    if (!first) throw new Error("there is no checkpoint");
    const changed = [{ ...first, head_hash: "ab".repeat(32) }, ...rest];
    expect(await faultOf({ checkpoints: changed })).toEqual({
      code: "signature_invalid",
      seq: null,
    });
    const keys = [{ version: 1, public_key: "A".repeat(43) }];
    expect(await faultOf({ keys })).toEqual({ code: "signature_invalid", seq: null });
    expect(await faultOf({ keys: [] })).toEqual({ code: "signature_invalid", seq: null });
    const missing = log.checkpoints.filter((_, index) => index !== 3);
    expect(await faultOf({ checkpoints: missing })).toEqual({
      code: "checkpoint_missing",
      seq: null,
    });
    expect(await faultOf({ checkpoints: rest })).toEqual({ code: "checkpoint_missing", seq: null });
  });
});

describe("a pruned log", () => {
  /** Entries over 40 days, of which the last tells that those of the first days were pruned. */
  async function makePruned(prunedSeq: number, atMs = startMs + monthMs + 6 * 86_400_000) {
    const said = everySevenHours(20);
    const detail = { first_seq: 1, last_seq: prunedSeq, count: prunedSeq };
    return makeLog([...said, { atMs, action: "audit.pruned", detail }]);
  }

  it("is accepted from where the log says that it was pruned, and while the removal goes on", async () => {
    const whole = await makePruned(0);
    for (const { last_seq: seq } of whole.checkpoints.slice(0, 5)) {
      const pruned = await makePruned(seq);
      for (const removed of [0, 1, seq - 1, seq]) {
        const entries = pruned.entries.slice(removed);
        expect(await verify({ ...pruned, entries })).toMatchObject({ firstSeq: removed + 1 });
      }
    }
  });

  it("is refused when more is missing, when no day ends there, and when it was pruned too early", async () => {
    const seq = log.checkpoints[2]?.last_seq ?? 0;
    const pruned = await makePruned(seq);
    const more = { ...pruned, entries: pruned.entries.slice(seq + 1) };
    await expect(verify(more)).rejects.toMatchObject({ code: "start_missing", seq: seq + 1 });
    const inside = await makePruned(seq + 1);
    const cut = { ...inside, entries: inside.entries.slice(seq + 1) };
    await expect(verify(cut)).rejects.toMatchObject({ code: "start_missing", seq: 21 });
    const early = await makePruned(seq, startMs + 20 * 86_400_000);
    const cutEarly = { ...early, entries: early.entries.slice(seq) };
    await expect(verify(cutEarly)).rejects.toMatchObject({ code: "start_missing", seq: 21 });
  });
});
