// A local server as a process of its own: node serve.mjs STATE_DIR [PORT] [MODE] [SECRETS_DIR]. It prints its
// address as a line of JSON, and ends when stdin does, that is, with whoever started it.
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { startLocalServer } from "../../../edge/local/server.ts";

const [stateDir, port = "0", mode = "live", secretsDir] = process.argv.slice(2);
const fileOf = (name) => pathToFileURL(join(secretsDir, name));
const secrets = secretsDir
  ? { secretFiles: { worker: fileOf("worker.vars"), pages: fileOf("pages.vars") } }
  : {};
const server = await startLocalServer({ stateDir, port: Number(port), mode, ...secrets });
console.log(JSON.stringify({ url: server.url }));
process.stdin.resume();
await once(process.stdin, "end");
await server.close();
process.exit(0);
