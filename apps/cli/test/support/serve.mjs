// A local server as a process of its own: node serve.mjs STATE_DIR [PORT] [MODE]. It prints its
// address as a line of JSON, and ends when stdin does, that is, with whoever started it.
import { once } from "node:events";
import { startLocalServer } from "../../../edge/local/server.ts";

const [stateDir, port = "0", mode = "live"] = process.argv.slice(2);
const server = await startLocalServer({ stateDir, port: Number(port), mode });
console.log(JSON.stringify({ url: server.url }));
process.stdin.resume();
await once(process.stdin, "end");
await server.close();
process.exit(0);
