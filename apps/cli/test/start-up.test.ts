import { expect, test } from "vitest";
import { type HiResult, hi } from "./support/hi.ts";
import { unlockHere } from "./vault/agent-here.ts";
import { initVault, vaultPlace } from "./vault/vault-place.ts";

/** Tells, at the end, every file that a program has loaded. */
const hook = `import { registerHooks } from "node:module";
const urls = [];
registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) });
process.on("exit", () => process.stderr.write(urls.join("\\n")));`;

const env = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(hook)}` };

/** Schemas, and the native parts that open a vault: they take longer to load than all the rest. */
const heavy = /node_modules\/(typebox|better-sqlite3-multiple-ciphers|@node-rs|@napi-rs)\//;

function expectLight({ code, stderr }: HiResult): void {
  expect(code).toBe(0);
  expect(stderr).toContain("/cli/src/main.ts");
  expect(stderr.split("\n").filter((line) => heavy.test(line))).toEqual([]);
}

test("the commands are known without the schemas and without what opens a vault", async () => {
  expectLight(await hi(["--help"], { env }));
});

test("an unlocked vault is read without what opens it: its agent has that", async () => {
  const place = vaultPlace();
  await initVault(place);
  await unlockHere(place);
  expectLight(await place.run(["list"], { env }));
});
