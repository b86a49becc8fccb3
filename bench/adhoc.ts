import { withLoadGenerator } from "./lib/load.ts";
import { createToken } from "./lib/product.ts";
import { productEntry, withStateDir, withWorkers } from "./lib/server.ts";
import { measureVersus } from "./lib/versus.ts";
const workers = { gated: productEntry, open: new URL(productEntry) };
const out = await withStateDir((stateDir) => withWorkers({ stateDir, workers }, async (server) => {
  const token = await createToken(server.urlOf("open"), server.operatorSecret);
  const headers = { Authorization: `Bearer ${token}` };
  const paths = ["/api/profiles/count"];
  const pingPaths = ["/api/ping"];
  return withLoadGenerator((load) => measureVersus(load, server.workerdPid, {
    floor: { origin: server.urlOf("open"), paths: pingPaths, headers },
    subject: { origin: server.urlOf("gated"), paths: pingPaths, headers },
    anonOpen: { origin: server.urlOf("open"), paths: pingPaths },
    anonGated: { origin: server.urlOf("gated"), paths: pingPaths },
  } as never, { runs: 5, seconds: 2, progress: console.log } as never));
}));
console.log(JSON.stringify(out, null, 1).slice(0, 3000));
