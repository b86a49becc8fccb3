/**
 * Proves that each lint rule we rely on still works: a text that breaks it is reported, and its
 * lawful neighbour is not. A rule whose name or option changes would otherwise fall silent.
 *
 * The texts stand in a folder of their own that is laid out as the repository is, with our
 * configuration in it; one run of oxlint reads them all.
 */
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

interface Sample {
  readonly claim: string;
  readonly file: string;
  readonly text: string;
  /** The rule that has to speak, or null when none may. */
  readonly rule: string | null;
}

const direction = "eslint(no-restricted-imports)";
const uses = (specifier: string) => `import { a } from "${specifier}";\nexport { a };\n`;

function refusedImport(folder: string, specifier: string): Sample {
  const claim = `${folder} may not import ${specifier}`;
  return { claim, file: `${folder}/refused.ts`, text: uses(specifier), rule: direction };
}

function allowedImport(folder: string, specifier: string): Sample {
  const claim = `${folder} may import ${specifier}`;
  return { claim, file: `${folder}/allowed.ts`, text: uses(specifier), rule: null };
}

const core = "packages/core/src/schema";
const sdk = "packages/sdk/src/stores";
const vault = "packages/vault/src/node";
const cli = "apps/cli/src/commands";
const web = "apps/web/src/screens";
const routes = "apps/edge/src/routes";
const services = "apps/edge/src/services";
const http = "apps/edge/src/http";
const policy = "apps/edge/src/policy";
const stores = "apps/edge/src/stores";
const jobs = "apps/edge/src/jobs";
const pages = "apps/pages/functions";

const workspaceSamples = [
  refusedImport(core, "node:fs"),
  refusedImport(core, "cloudflare:workers"),
  refusedImport(core, "bun:sqlite"),
  refusedImport(core, "@hi-stranger/sdk/client"),
  refusedImport(core, "@hi-stranger/edge/app"),
  refusedImport(core, "@hi-stranger/core/errors"),
  refusedImport(core, "../../../sdk/src/client.ts"),
  refusedImport(core, "../../../../apps/edge/src/app.ts"),
  allowedImport(core, "typebox"),
  allowedImport(core, "../codec/bytes.ts"),
  ...[sdk, vault].flatMap((folder) => [
    refusedImport(folder, "@hi-stranger/edge/app"),
    refusedImport(folder, "@hi-stranger/web/main"),
    refusedImport(folder, "@hi-stranger/cli/main"),
    refusedImport(folder, "../../../core/src/errors.ts"),
    allowedImport(folder, "@hi-stranger/core/errors"),
    allowedImport(folder, "../client.ts"),
  ]),
  refusedImport(sdk, "@hi-stranger/vault/vault"),
  refusedImport(vault, "@hi-stranger/sdk/client"),
  ...[cli, web].flatMap((folder) => [
    refusedImport(folder, "@hi-stranger/edge/app"),
    refusedImport(folder, "@hi-stranger/pages"),
    refusedImport(folder, "../../../edge/src/app.ts"),
    allowedImport(folder, "@hi-stranger/core/errors"),
    allowedImport(folder, "@hi-stranger/sdk/client"),
    allowedImport(folder, "@hi-stranger/vault/vault"),
  ]),
  refusedImport(cli, "@hi-stranger/web/main"),
  refusedImport(web, "@hi-stranger/cli/main"),
  refusedImport(pages, "@hi-stranger/core/errors"),
  allowedImport(pages, "@hi-stranger/edge/app"),
];

const edgeSamples = [
  ...[routes, services, http, policy, stores, jobs].flatMap((folder) => [
    refusedImport(folder, "@hi-stranger/sdk/client"),
    refusedImport(folder, "../../../../packages/core/src/errors.ts"),
    refusedImport(folder, "../app.ts"),
    refusedImport(folder, "../worker.ts"),
    allowedImport(folder, "@hi-stranger/core/errors"),
  ]),
  ...[routes, services, http, policy, jobs].flatMap((folder) => [
    refusedImport(folder, "../stores/profiles.d1.ts"),
    refusedImport(folder, "../stores/kv/profiles.ts"),
    allowedImport(folder, "../stores/ports.ts"),
  ]),
  ...[services, http, policy, stores, jobs].map((folder) =>
    refusedImport(folder, "../routes/ping.ts"),
  ),
  ...[policy, stores].map((folder) => refusedImport(folder, "../services/import.ts")),
  refusedImport(policy, "../http/answers.ts"),
  allowedImport(routes, "../http/answers.ts"),
  allowedImport(routes, "../services/import.ts"),
  allowedImport(routes, "../policy/access.ts"),
  allowedImport(services, "../policy/access.ts"),
  allowedImport(jobs, "../services/import.ts"),
  allowedImport(stores, "./rows.ts"),
].map((sample) => ({ ...sample, file: sample.file.replace(".ts", ".part.ts") }));

const entrySamples: Sample[] = [
  {
    claim: "edge's app.ts may not import worker.ts",
    file: "apps/edge/src/app.ts",
    text: uses("./worker.ts"),
    rule: direction,
  },
  {
    claim: "edge's env.ts may not construct stores",
    file: "apps/edge/src/env.ts",
    text: uses("./stores/profiles.d1.ts"),
    rule: direction,
  },
  {
    claim: "edge's worker.ts may construct stores",
    file: "apps/edge/src/worker.ts",
    text: uses("./stores/profiles.d1.ts"),
    rule: null,
  },
];

const otherSamples: Sample[] = [
  {
    claim: "core may not import a runtime later on either",
    file: "packages/core/src/dynamic.ts",
    text: 'export const load = () => import("node:fs");\n',
    rule: direction,
  },
  {
    claim: "core may not take a type from a runtime",
    file: "packages/core/src/type-import.ts",
    text: 'import type { Stats } from "node:fs";\nexport type Size = Stats["size"];\n',
    rule: direction,
  },
  {
    claim: "core may not pass on what another workspace exports",
    file: "packages/core/src/re-export.ts",
    text: 'export { createClient } from "@hi-stranger/sdk/client";\n',
    rule: direction,
  },
  {
    claim: "nobody exports everything",
    file: "packages/sdk/src/barrel.ts",
    text: 'export * from "./client.ts";\n',
    rule: "oxc(no-barrel-file)",
  },
  {
    claim: "nobody exports a default",
    file: "packages/sdk/src/default.ts",
    text: "export default 1;\n",
    rule: "import(no-default-export)",
  },
  {
    claim: "a tool's configuration exports a default",
    file: "apps/web/vite.config.ts",
    text: "export default {};\n",
    rule: null,
  },
  {
    claim: "no type is any",
    file: "packages/sdk/src/any.ts",
    text: "export const show = (value: any) => String(value);\n",
    rule: "typescript(no-explicit-any)",
  },
  {
    claim: "no any comes in from outside",
    file: "packages/sdk/src/any-inside.ts",
    text: 'export const value: string = JSON.parse("{}");\n',
    rule: "typescript(no-unsafe-assignment)",
  },
  {
    claim: "no promise is left alone",
    file: "packages/sdk/src/floating.ts",
    text: "export const start = (work: () => Promise<void>) => {\n  work();\n};\n",
    rule: "typescript(no-floating-promises)",
  },
  {
    claim: "no promise is taken for a truth",
    file: "packages/sdk/src/misused.ts",
    text: "export const isDone = (work: Promise<boolean>) => (work ? 1 : 2);\n",
    rule: "typescript(no-misused-promises)",
  },
  {
    claim: "a switch over kinds knows all of them",
    file: "packages/sdk/src/switch.ts",
    text: 'export function size(kind: "a" | "b") {\n  switch (kind) {\n    case "a":\n      return 1;\n  }\n  return 2;\n}\n',
    rule: "typescript(switch-exhaustiveness-check)",
  },
  {
    claim: "nothing is asserted to be there",
    file: "packages/sdk/src/non-null.ts",
    text: "export const first = (values: string[]) => values[0]!;\n",
    rule: "typescript(no-non-null-assertion)",
  },
  {
    claim: "only errors are thrown",
    file: "packages/sdk/src/throw.ts",
    text: 'export function fail(): never {\n  throw "no";\n}\n',
    rule: "typescript(only-throw-error)",
  },
  {
    claim: "a library prints nothing",
    file: "packages/sdk/src/print.ts",
    text: 'console.log("hello");\nexport const a = 1;\n',
    rule: "eslint(no-console)",
  },
  {
    claim: "a service prints nothing by itself",
    file: "apps/edge/src/services/print.ts",
    text: 'console.log("hello");\nexport const a = 1;\n',
    rule: "eslint(no-console)",
  },
  ...[
    "apps/cli/src/main.ts",
    "bench/import.ts",
    "apps/edge/local/start.ts",
    "scripts/set-up.mjs",
  ].map((file) => ({
    claim: `${file} may print`,
    file,
    text: 'console.log("hello");\nexport const a = 1;\n',
    rule: null,
  })),
  {
    claim: "text never becomes code",
    file: "packages/sdk/src/eval.ts",
    text: "export const run = (text: string): unknown => new Function(text);\n",
    rule: "eslint(no-new-func)",
  },
  {
    claim: "a file's name is in kebab-case",
    file: "packages/sdk/src/camelCase.ts",
    text: "export const a = 1;\n",
    rule: "unicorn(filename-case)",
  },
  {
    claim: "two files don't import each other",
    file: "packages/sdk/src/cycle-a.ts",
    text: 'import { b } from "./cycle-b.ts";\nexport const a = () => b;\n',
    rule: "import(no-cycle)",
  },
  {
    claim: "a test is not the only one to run",
    file: "packages/sdk/test/only.test.ts",
    text: 'import { expect, test } from "vitest";\ntest.only("a", () => {\n  expect(1).toBe(1);\n});\n',
    rule: "vitest(no-focused-tests)",
  },
  {
    claim: "a silenced rule has something to say",
    file: "packages/sdk/src/directive.ts",
    text: "// oxlint-disable-next-line no-console\nexport const a = 1;\n",
    rule: "unused directive",
  },
];

// The file on the other side of the cycle above.
const helpers = {
  "packages/sdk/src/cycle-b.ts": 'import { a } from "./cycle-a.ts";\nexport const b = () => a;\n',
};

const samples = [...workspaceSamples, ...edgeSamples, ...entrySamples, ...otherSamples].map(
  // Several samples of one folder need names of their own, unless the name is what matters.
  (sample, index) => ({
    ...sample,
    file: sample.file.replace(/(refused|allowed)/, `$1-${index}`),
  }),
);

let folder = "";
const rulesByFile = new Map<string, string[]>();

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "hi-stranger-lint-")));
  await copyFile(join(root, ".oxlintrc.json"), join(folder, ".oxlintrc.json"));
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  await symlink(join(root, "tsconfig.base.json"), join(folder, "tsconfig.base.json"));
  await write(
    "tsconfig.json",
    `{"extends":"./tsconfig.base.json","compilerOptions":{"types":["node"]}}`,
  );
  for (const { file, text } of samples) await write(file, text);
  for (const [file, text] of Object.entries(helpers)) await write(file, text);
  for (const { filename, code, message } of await lint()) {
    const rule =
      code ?? (message.startsWith("Unused oxlint-disable") ? "unused directive" : message);
    rulesByFile.set(filename, [...(rulesByFile.get(filename) ?? []), rule]);
  }
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), text);
}

interface Diagnostic {
  readonly filename: string;
  readonly code?: string;
  readonly message: string;
}

function lint(): Promise<readonly Diagnostic[]> {
  const oxlint = join(root, "node_modules/.bin/oxlint");
  return new Promise((resolve, reject) => {
    execFile(
      oxlint,
      ["--format=json"],
      { cwd: folder, maxBuffer: 50_000_000 },
      (_, stdout, stderr) => {
        try {
          resolve((JSON.parse(stdout) as { diagnostics: Diagnostic[] }).diagnostics);
        } catch {
          reject(new Error(`oxlint said no JSON: ${stdout.slice(0, 2000)} ${stderr}`));
        }
      },
    );
  });
}

test("no two samples share a file", () => {
  expect(new Set(samples.map(({ file }) => file)).size).toBe(samples.length);
});

describe("the lint rules:", () => {
  test.each(samples)("$claim", ({ file, rule }) => {
    const rules = rulesByFile.get(file) ?? [];
    const isAsClaimed = rule === null ? rules.length === 0 : rules.includes(rule);
    expect(isAsClaimed, `it says ${rules.join(", ") || "nothing"}`).toBe(true);
  });
});
