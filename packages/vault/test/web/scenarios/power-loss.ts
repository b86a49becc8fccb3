/** A database that is written to until the power goes, and opened again. */
import type { Database } from "../../../src/ports.ts";
import type { FragileDisk } from "../support/fragile-disk.ts";
import { createDisk, openOn } from "../support/sqlite.ts";

const rowsPerTransaction = 5;
const transactionCount = 12;

export interface PowerLoss {
  /** The operation of the disk that fails. */
  readonly at: number;
  /** Decides which changes outlive the loss that were not flushed. */
  readonly seed: number;
}

/** How many operations a run takes that nothing disturbs. */
export async function undisturbedOperations(): Promise<number> {
  const disk = createDisk();
  await write(disk);
  return disk.operations();
}

/** What is wrong after each loss of power; an empty list says that nothing ever was. */
export async function damageAfter(losses: readonly PowerLoss[]): Promise<string[]> {
  const found: string[] = [];
  for (const loss of losses) {
    const problem = await damageOf(loss);
    if (problem !== null) found.push(`power lost at ${loss.at}, seed ${loss.seed}: ${problem}`);
  }
  return found;
}

async function damageOf({ at, seed }: PowerLoss): Promise<string | null> {
  const disk = createDisk();
  disk.losePowerAt(at);
  const acknowledged = await write(disk);
  const random = createRandom(seed);
  const database = await openOn(disk.restart(() => random() < 0.5));
  try {
    return inspect(database, acknowledged);
  } finally {
    database.close();
  }
}

/** Writes transactions until the end or the loss; answers how many were acknowledged. */
async function write(disk: FragileDisk): Promise<number> {
  let acknowledged = 0;
  let database: Database | undefined;
  try {
    database = await openOn(disk);
    database.exec("CREATE TABLE t (batch INTEGER, body TEXT)");
    for (let batch = 0; batch < transactionCount; batch += 1) {
      writeBatch(database, batch);
      acknowledged += 1;
    }
  } catch {
    // The loss that was asked for.
  }
  database?.close();
  return acknowledged;
}

function writeBatch(database: Database, batch: number): void {
  database.transaction(() => {
    database.run("DELETE FROM t WHERE batch = ?", batch - 4);
    for (let row = 0; row < rowsPerTransaction; row += 1) {
      database.run("INSERT INTO t (batch, body) VALUES (?, ?)", batch, `${batch}`.repeat(700));
    }
  });
}

/** Whether exactly the acknowledged transactions are there, with the one under way whole or not at all. */
function inspect(database: Database, acknowledged: number): string | null {
  const [check] = database.all<{ integrity_check: string }>("PRAGMA integrity_check");
  if (check?.integrity_check !== "ok") return `integrity check: ${check?.integrity_check}`;
  const hasTable = database.get("SELECT 1 FROM sqlite_schema WHERE name = 't'") !== undefined;
  if (!hasTable) return acknowledged === 0 ? null : "the table is gone";
  const rows = database.all<{ batch: number; c: number }>(
    "SELECT batch, count(*) AS c FROM t GROUP BY batch ORDER BY batch",
  );
  const text = rows.map(({ batch, c }) => `${batch}×${c}`).join(" ");
  const possible = [acknowledged, acknowledged + 1].map(expectedAfter);
  return possible.includes(text) ? null : `${acknowledged} acknowledged, found ${text}`;
}

function expectedAfter(count: number): string {
  const batches = Array.from({ length: count }, (_, batch) => batch).slice(-4);
  return batches.map((batch) => `${batch}×${rowsPerTransaction}`).join(" ");
}

/** Numbers from 0 to 1 that only depend on the seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
