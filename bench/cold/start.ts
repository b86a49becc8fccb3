/** Starts scripts in new isolates and tells how long each takes. */
import { Log, LogLevel, Miniflare, convertV4MiniflareOptions } from "miniflare";
import { request } from "undici";
import { bundleWorker } from "../../apps/edge/local/server.ts";
import { compatibilityDate } from "../lib/server.ts";
import { median } from "../lib/statistics.ts";

const starterEntry = new URL("../workers/starter.ts", import.meta.url);

/** Starts the script of a name in a new isolate; answers the milliseconds until its first answer. */
export type Start = (name: string) => Promise<number>;

/** The median milliseconds of `count` starts of each name, taken in turns. */
export async function sampleStarts<Name extends string>(
  start: Start,
  names: readonly Name[],
  count: number,
): Promise<Record<Name, number>> {
  const samples = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let index = 0; index < count; index += 1) {
    for (const name of names) samples.get(name)?.push(await start(name));
  }
  return Object.fromEntries([...samples].map(([name, times]) => [name, median(times)])) as Record<
    Name,
    number
  >;
}

/** Gives `use` a function that starts one of `scripts` in a new isolate and tells the milliseconds. */
export async function withStarter(
  scripts: Readonly<Record<string, string>>,
  use: (start: Start) => Promise<void>,
): Promise<void> {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      log: new Log(LogLevel.ERROR),
      cf: false,
      workers: [
        {
          name: "starter",
          modules: true,
          script: await bundleWorker(starterEntry),
          compatibilityDate,
          workerLoaders: { LOADER: {} },
          bindings: { SCRIPTS: scripts, COMPATIBILITY_DATE: compatibilityDate },
          unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
        },
      ],
    }),
  );
  try {
    await miniflare.ready;
    const { origin } = await miniflare.unsafeGetDirectURL("starter");
    await use(async (name) => {
      const startMs = performance.now();
      const answer = await request(`${origin}/?worker=${name}`);
      const text = await answer.body.text();
      if (answer.statusCode !== 200)
        throw new Error(`${name} answered ${answer.statusCode}: ${text}`);
      return performance.now() - startMs;
    });
  } finally {
    await miniflare.dispose();
  }
}
