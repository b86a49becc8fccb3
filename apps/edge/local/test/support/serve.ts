/** The local server in a process of its own: `node serve.ts STATE_DIR` prints its address. SIGTERM ends it. */
import { join } from "node:path";
import { startLocalServer } from "../../server.ts";

const [stateDir] = process.argv.slice(2);
if (stateDir === undefined) throw new TypeError("Say where the data is kept.");
const server = await startLocalServer({ stateDir, webDir: join(stateDir, "no-web-app") });
process.once("SIGTERM", () => {
  void server.close().then(() => process.exit(0));
});
console.log(server.url);
