/** Where the time of an import goes: the same bodies through ever more of its stages. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { readProfileLine } from "@hi-stranger/core/schema/profile-line";
import { type ProfileRow, toProfileRow } from "@hi-stranger/core/store/profile-store";
import { request } from "undici";
import {
  maxChunksPerStatement,
  toChunks,
  upsertChunks,
} from "../../apps/edge/src/stores/profile-sql.ts";
import type { BenchmarkOptions } from "../lib/benchmark.ts";
import { type Timing, time } from "../lib/process-usage.ts";
import { createToken } from "../lib/product.ts";
import { productEntry, withStateDir, withWorkers } from "../lib/server.ts";
import { median } from "../lib/statistics.ts";
import { type Bodies, makeBodies, sendAll } from "./bodies.ts";
import { createTables, openFloor } from "./floor.ts";

const defaultRows = 100_000;
const defaultRuns = 3;
const stagesEntry = new URL("../workers/import-stages.ts", import.meta.url);

interface Stage {
  readonly title: string;
  readonly measure: (bodies: Bodies) => Promise<Timing>;
}

const stages: readonly Stage[] = [
  { title: "HTTP, read by BYOB", measure: stageInWorker("read") },
  { title: "+ SHA-256 of the body", measure: stageInWorker("hash") },
  { title: "+ decode and split into lines", measure: stageInWorker("split") },
  { title: "+ JSON.parse", measure: stageInWorker("parse") },
  { title: "+ check", measure: stageInWorker("check") },
  { title: "+ chunks sent to D1, which does nothing", measure: stageInWorker("send") },
  { title: "+ D1 stores them", measure: stageInWorker("store") },
  { title: "the whole import", measure: measureProduct },
];

const others: readonly Stage[] = [
  { title: "node:sqlite: the product's own SQL, chunks made beforehand", measure: measureSql },
  { title: "node:sqlite: the floor", measure: measureFloor },
];

/** The table: microseconds a row, in all and for each stage alone. */
export async function profileImport(options: BenchmarkOptions): Promise<string> {
  const bodies = makeBodies("full", options.rows ?? defaultRows);
  const timingsByTitle = new Map<string, Timing[]>();
  for (let run = 1; run <= (options.runs ?? defaultRuns); run += 1) {
    for (const { title, measure } of [...stages, ...others]) {
      const timing = await measure(bodies);
      options.progress(`run ${run}: ${title}: ${Math.round(timing.wallMs)} ms`);
      timingsByTitle.set(title, [...(timingsByTitle.get(title) ?? []), timing]);
    }
  }
  const lines = [toLine("stage", "µs a row", "of it alone", "processor", "of it alone")];
  let former = [0, 0];
  for (const { title } of [...stages, ...others]) {
    const timings = timingsByTitle.get(title) ?? [];
    const figures = [
      median(timings.map(({ wallMs }) => wallMs)),
      median(timings.map(({ usage }) => usage?.cpuMs ?? Number.NaN)),
    ].map((ms) => (ms * 1000) / bodies.rows);
    const isStage = stages.some((stage) => stage.title === title);
    const cells = figures.flatMap((figure, index) => [
      figure.toFixed(2),
      isStage ? (figure - (former[index] ?? 0)).toFixed(2) : "",
    ]);
    lines.push(toLine(title, ...cells));
    former = figures;
  }
  return lines.join("\n");
}

function toLine(title: string, ...cells: readonly string[]): string {
  return `${title.padEnd(62)}${cells.map((cell) => cell.padStart(12)).join("")}`;
}

function stageInWorker(stage: string): Stage["measure"] {
  return ({ warmUp, measured }) =>
    withStateDir((stateDir) =>
      withWorkers({ stateDir, workers: { stages: stagesEntry } }, async (server) => {
        const url = `${server.urlOf("stages")}/${stage}`;
        await postAll(url, warmUp);
        return time(server.workerdPid, () => postAll(url, measured));
      }),
    );
}

async function postAll(url: string, bodies: readonly Buffer[]): Promise<void> {
  for (const body of bodies) {
    const answer = await request(url, { method: "POST", body });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}: ${text}`);
  }
}

function measureProduct({ warmUp, measured }: Bodies): Promise<Timing> {
  return withStateDir((stateDir) =>
    withWorkers({ stateDir, workers: { product: productEntry } }, async (server) => {
      const url = server.urlOf("product");
      const token = await createToken(url, server.operatorSecret);
      await sendAll(url, token, warmUp);
      return time(server.workerdPid, async () => void (await sendAll(url, token, measured)));
    }),
  );
}

function measureFloor({ warmUp, measured }: Bodies): Promise<Timing> {
  return withStateDir(async (folder) => {
    const floor = openFloor(folder);
    floor.store(warmUp);
    const timing = await time(process.pid, () => floor.store(measured));
    floor.close();
    return timing;
  });
}

/** The statements that the product gives to D1, run by the SQLite of Node. */
function measureSql({ warmUp, measured }: Bodies): Promise<Timing> {
  const statements = (bodies: readonly Buffer[]) => {
    const chunks = bodies.flatMap((body) => toChunks(readRows(body)));
    const groups: string[][] = [];
    while (chunks.length > 0) groups.push(chunks.splice(0, maxChunksPerStatement));
    return groups.map((group) => upsertChunks(statementSpy, group, Date.now()));
  };
  const before = statements(warmUp) as unknown as Bound[];
  const timed = statements(measured) as unknown as Bound[];
  return withStateDir(async (folder) => {
    const db = new DatabaseSync(join(folder, "sql.sqlite"));
    createTables(db);
    let rev = 0;
    const run = ({ sql, values }: Bound) => {
      db.prepare(sql).run(...values);
      rev += 1_000_000;
      db.prepare("UPDATE counters SET rev = ?").run(rev);
    };
    before.forEach(run);
    const timing = await time(process.pid, () => timed.forEach(run));
    db.close();
    return timing;
  });
}

interface Bound {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** Stands where D1 stands and gives back what it was asked. */
const statementSpy = {
  prepare: (sql: string) => ({ bind: (...values: Bound["values"]) => ({ sql, values }) }),
} as unknown as D1Database;

function readRows(body: Buffer): ProfileRow[] {
  return body
    .toString()
    .trimEnd()
    .split("\n")
    .map((line) => {
      const read = readProfileLine(line);
      if ("violations" in read) throw new Error("a demo persona is not valid");
      return toProfileRow(read);
    });
}
