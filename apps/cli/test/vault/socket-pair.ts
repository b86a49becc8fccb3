/** Two ends of one connection, as an agent and its launcher have them. */
import { mkdtempSync, rmSync } from "node:fs";
import { once } from "node:events";
import { type Socket, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export async function socketPair(): Promise<[Socket, Socket]> {
  const folder = mkdtempSync(join(tmpdir(), "hi-pair-"));
  const server = createServer().listen(join(folder, "socket"));
  try {
    const accepted = once(server, "connection") as Promise<[Socket]>;
    const left = connect(join(folder, "socket"));
    const [right] = await accepted;
    return [left, right];
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
