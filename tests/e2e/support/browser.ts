/**
 * Finds a browser: the one the machine names, one that is installed, or the Chromium that comes
 * from npm and needs no root.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createRequire } from "node:module";
import chromium, { inflate } from "@sparticuz/chromium";

const names = ["google-chrome", "google-chrome-stable", "chromium", "chromium-browser"];
const places = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** The browser's path, and what its process needs in its environment. */
export interface Browser {
  readonly path: string;
  readonly variables: Readonly<Record<string, string>>;
}

export async function findBrowser(): Promise<Browser> {
  const named = process.env["CHROME_PATH"];
  if (named) {
    if (!existsSync(named)) throw new Error(`CHROME_PATH names ${named}, which is not there`);
    return { path: named, variables: {} };
  }
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const candidates = [...folders.flatMap((dir) => names.map((name) => join(dir, name))), ...places];
  const installed = candidates.find((path) => existsSync(path) && canStart(path));
  return installed ? { path: installed, variables: {} } : unpackBrowser();
}

async function unpackBrowser(): Promise<Browser> {
  const path = await chromium.executablePath();
  // The fonts that come along, for a machine that has none.
  const fonts = existsSync("/etc/fonts/fonts.conf")
    ? {}
    : { FONTCONFIG_PATH: join(tmpdir(), "fonts") };
  if (canStart(path, fonts)) return { path, variables: fonts };
  // A machine without NSS: its libraries come along too.
  const packed = join(createRequire(import.meta.url).resolve("@sparticuz/chromium"), "../../bin");
  await inflate(join(packed, "al2023.tar.br"));
  const libraries = [join(tmpdir(), "al2023", "lib"), process.env["LD_LIBRARY_PATH"] ?? ""];
  const variables = { ...fonts, LD_LIBRARY_PATH: libraries.filter(Boolean).join(delimiter) };
  if (!canStart(path, variables)) throw new Error(`${path} does not start; set CHROME_PATH`);
  return { path, variables };
}

function canStart(path: string, variables: Record<string, string> = {}): boolean {
  const options = { env: { ...process.env, ...variables }, stdio: "ignore" } as const;
  return spawnSync(path, ["--version"], options).status === 0;
}
