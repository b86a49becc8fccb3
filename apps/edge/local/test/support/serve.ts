/**
 * The local server in a process of its own: `node serve.ts STATE_DIR` prints its address. Each line on
 * stdin is a moment, in milliseconds, as of which the hourly job is run; then it says `done`. SIGTERM ends it.
 */
import { join } from "node:path";
import { createInterface } from "node:readline";
import { startLocalServer } from "../../server.ts";

const [stateDir] = process.argv.slice(2);
if (stateDir === undefined) throw new TypeError("Say where the data is kept.");
const server = await startLocalServer({ stateDir, webDir: join(stateDir, "no-web-app") });
process.once("SIGTERM", () => {
  void server.close().then(() => process.exit(0));
});
console.log(server.url);
const worker = await server.miniflare.getWorker();
for await (const line of createInterface({ input: process.stdin })) {
  await worker.scheduled({ scheduledTime: new Date(Number(line)), cron: "17 * * * *" });
  console.log("done");
}
