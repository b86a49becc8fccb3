/** How long the product and the floor take for the same bodies, each on new database files. */
import { createToken } from "../lib/product.ts";
import { type Timing, time } from "../lib/process-usage.ts";
import { productEntry, withStateDir, withWorkers } from "../lib/server.ts";
import { type Bodies, sendAll } from "./bodies.ts";
import { openFloor } from "./floor.ts";

/** What one side took to store the measured rows, and to store them again as they are. */
export interface Sample {
  readonly insert: Timing;
  readonly reimport: Timing;
}

export function sampleFloor({ warmUp, measured, rows, warmUpRows }: Bodies): Promise<Sample> {
  return withStateDir(async (folder) => {
    const floor = openFloor(folder);
    floor.store(warmUp);
    const insert = await time(process.pid, () => floor.store(measured));
    const reimport = await time(process.pid, () => floor.store(measured));
    expectCount(floor.count(), rows + warmUpRows);
    floor.close();
    return { insert, reimport };
  });
}

export function sampleProduct({ warmUp, measured, rows, warmUpRows }: Bodies): Promise<Sample> {
  return withStateDir((stateDir) =>
    withWorkers({ stateDir, workers: { product: productEntry } }, async (server) => {
      const url = server.urlOf("product");
      const token = await createToken(url, server.operatorSecret);
      await sendAll(url, token, warmUp);
      const insert = await time(server.workerdPid, async () => {
        expectCount((await sendAll(url, token, measured)).inserted, rows);
      });
      const reimport = await time(server.workerdPid, async () => {
        expectCount((await sendAll(url, token, measured)).unchanged, rows);
      });
      const stored = await server.db
        .prepare("SELECT count(*) AS count FROM profiles")
        .first<number>("count");
      expectCount(stored ?? 0, rows + warmUpRows);
      return { insert, reimport };
    }),
  );
}

/** @throws when rows were lost or made. */
export function expectCount(actual: number, expected: number): void {
  if (actual !== expected) throw new Error(`${actual} rows where ${expected} were expected`);
}
