/**
 * A plain page with a vault, built like the web app and served under the product's own headers. The
 * worker's script alone may compile WebAssembly.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { addSecurityHeaders } from "../../../apps/edge/src/http/headers.ts";

export interface VaultSite {
  readonly url: string;
  close(): Promise<void>;
}

const testPageFolder = fileURLToPath(new URL("../vault-page", import.meta.url));

const workerPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const mediaTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".wasm": "application/wasm",
};

/** Builds the page in `pageFolder`, the tests' own by default, and serves it on a free port. */
export async function startVaultSite(pageFolder = testPageFolder): Promise<VaultSite> {
  const folder = mkdtempSync(join(tmpdir(), "hi-stranger-vault-page-"));
  await build({
    root: pageFolder,
    configFile: false,
    logLevel: "error",
    build: { outDir: folder, emptyOutDir: true, target: "chrome125", assetsInlineLimit: 0 },
    worker: { format: "es" },
  });
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    sendFile(join(folder, normalize(pathname === "/" ? "/index.html" : pathname)), response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    async close() {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function sendFile(path: string, response: ServerResponse): void {
  const type = mediaTypes[extname(path)] ?? "application/octet-stream";
  const headers = new Headers({ "Content-Type": type });
  if (/vault-worker-[\w-]+\.js$/.test(path)) headers.set("Content-Security-Policy", workerPolicy);
  addSecurityHeaders(headers, "page");
  try {
    const content = readFileSync(path);
    response.writeHead(200, Object.fromEntries(headers)).end(content);
  } catch {
    // Whatever isn't there.
    response.writeHead(404).end();
  }
}
