/**
 * The home screen of the built web app, by Lighthouse on its emulated phone, and the JavaScript
 * that it starts with. The local server sends files as they are, where Cloudflare compresses them.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { launch } from "chrome-launcher";
import lighthouse, { type Result as LighthouseResult } from "lighthouse";
import { startLocalServer } from "../../apps/edge/local/server.ts";
import { findBrowser } from "../../tests/e2e/support/browser.ts";
import {
  atLeast,
  atMost,
  type Benchmark,
  type BenchmarkOptions,
  round,
  type Run,
} from "../lib/benchmark.ts";
import { withStateDir } from "../lib/server.ts";
import { median } from "../lib/statistics.ts";

const defaultRuns = 3;
const root = fileURLToPath(new URL("../..", import.meta.url));
const dist = new URL("../../apps/web/dist/", import.meta.url);
const categories = ["performance", "accessibility", "best-practices", "seo"] as const;
const leastScores = { performance: 98, accessibility: 100, "best-practices": 100, seo: 100 };
const metrics = {
  "largest-contentful-paint": { name: "LCP", atMost: 1500, unit: " ms" },
  "total-blocking-time": { name: "TBT", atMost: 50, unit: " ms" },
  "cumulative-layout-shift": { name: "CLS", atMost: 0.01, unit: "" },
};

export const webBenchmark: Benchmark = {
  title: "home screen: Lighthouse on its emulated phone, and initial JavaScript",
  floorTitle: "",
  run: measureWeb,
};

async function measureWeb(options: BenchmarkOptions) {
  buildWebApp();
  const reports = await withStateDir((stateDir) => runLighthouse(stateDir, options));
  const scores = categories.map((category) => {
    const values = reports.map((report) => (report.categories[category]?.score ?? 0) * 100);
    return atLeast(category, median(values), leastScores[category]);
  });
  const figures = Object.entries(metrics).map(([id, metric]) => {
    const values = reports.map((report) => report.audits[id]?.numericValue ?? Number.NaN);
    return atMost(metric.name, median(values), metric.atMost, metric.unit);
  });
  const initial = initialScripts();
  return {
    unit: "Lighthouse performance",
    runs: reports.map((report): Run => {
      return { value: (report.categories["performance"]?.score ?? 0) * 100, floor: null };
    }),
    checks: () => [
      atMost("initial JavaScript", sumGzip(initial) / 1000, 35, " KB gzip"),
      ...scores,
      ...figures,
    ],
    details: {
      initialScripts: sizes(initial),
      scriptsOfTheScreen: sizes(loadedScripts(reports[0])),
      lighthouse: reports[0]?.lighthouseVersion,
      failedAudits: failedAudits(reports[0]),
      shiftedElements: shiftedElements(reports[0]),
    },
  };
}

function buildWebApp(): void {
  const build = spawnSync("npm", ["run", "build", "--silent", "-w", "apps/web"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (build.status !== 0) throw new Error("the web app could not be built; see above");
}

async function runLighthouse(stateDir: string, options: BenchmarkOptions) {
  const browser = await findBrowser();
  const server = await startLocalServer({ stateDir });
  try {
    const chrome = await launch({
      chromePath: browser.path,
      envVars: { ...process.env, ...browser.variables },
      chromeFlags: [
        "--headless=new",
        "--no-sandbox",
        "--disable-background-networking",
        "--disable-quic",
      ],
    });
    try {
      return await visit(server.url, chrome.port, options);
    } finally {
      chrome.kill();
    }
  } finally {
    await server.close();
  }
}

async function visit(url: string, port: number, options: BenchmarkOptions) {
  const reports: LighthouseResult[] = [];
  for (let run = 1; run <= (options.runs ?? defaultRuns); run += 1) {
    const outcome = await lighthouse(url, {
      port,
      output: "json",
      logLevel: "error",
      onlyCategories: [...categories],
    });
    if (!outcome) throw new Error("Lighthouse gave no result");
    const { runtimeError } = outcome.lhr;
    if (runtimeError) throw new Error(`Lighthouse: ${runtimeError.message}`);
    reports.push(outcome.lhr);
    const score = (outcome.lhr.categories["performance"]?.score ?? 0) * 100;
    options.progress(`run ${run}: performance ${round(score)}`);
  }
  return reports;
}

interface ManifestChunk {
  readonly file: string;
  readonly imports?: readonly string[];
}

/** What the page's own script tags load: their files, and all that those import statically. */
function initialScripts(): string[] {
  const html = readFileSync(new URL("index.html", dist), "utf8");
  const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", dist), "utf8")) as Record<
    string,
    ManifestChunk
  >;
  const files = new Set<string>();
  const add = (file: string) => {
    if (files.has(file)) return;
    files.add(file);
    const chunk = Object.values(manifest).find((candidate) => candidate.file === file);
    for (const key of chunk?.imports ?? []) add(manifest[key]?.file ?? "");
  };
  for (const [, path] of html.matchAll(/<script[^>]*\ssrc="\/([^"]+)"/g)) add(path ?? "");
  for (const [, path] of html.matchAll(/<link[^>]*rel="modulepreload"[^>]*href="\/([^"]+)"/g)) {
    add(path ?? "");
  }
  if (files.size === 0) throw new Error("the page loads no script");
  return [...files];
}

/** Every script that the page itself asked for in the end, in the order of the requests. */
function loadedScripts(report: LighthouseResult | undefined): string[] {
  const requests = report?.audits["network-requests"]?.details;
  if (requests?.type !== "table") return [];
  return requests.items
    .filter((item) => item["resourceType"] === "Script" && item["sessionTargetType"] === "page")
    .map((item) => new URL(item["url"] as string).pathname.slice(1));
}

/** What Lighthouse finds wanting among what counts. */
function failedAudits(report: LighthouseResult | undefined): string[] {
  if (!report) return [];
  return Object.values(report.categories)
    .flatMap(({ auditRefs }) => auditRefs)
    .filter(({ id, weight }) => weight > 0 && (report.audits[id]?.score ?? 1) < 0.9)
    .map(({ id }) => id);
}

/** What moved while the page loaded, as CSS selectors. */
function shiftedElements(report: LighthouseResult | undefined): string[] {
  const shifts = report?.audits["layout-shifts"]?.details;
  if (shifts?.type !== "table") return [];
  return shifts.items.flatMap(({ node }) =>
    typeof node === "object" && "selector" in node ? (node.selector ?? []) : [],
  );
}

function sizes(files: readonly string[]) {
  return {
    gzipKilobytes: round(sumGzip(files) / 1000),
    files: Object.fromEntries(files.map((file) => [file, gzipSize(file)])),
  };
}

function sumGzip(files: readonly string[]): number {
  return files.reduce((sum, file) => sum + gzipSize(file), 0);
}

function gzipSize(file: string): number {
  return gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length;
}
