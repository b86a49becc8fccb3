/**
 * The two scripts of the shell that can't be ordinary modules.
 *
 * `boot` runs before the first paint, so it is a classic script with a hashed name that blocks.
 * `sw.js` must sit at the root under a fixed name. Both are told the names of the built files.
 */
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Plugin, type Rolldown, transformWithOxc } from "vite";

const sourceFolder = fileURLToPath(new URL("../src/", import.meta.url));
const bootFile = `${sourceFolder}boot.ts`;
const workerFile = `${sourceFolder}service-worker/service-worker.ts`;
const publicFolder = fileURLToPath(new URL("../public/", import.meta.url));
const publicNames = readdirSync(publicFolder).sort();
const pageName = "index.html";
const hashLength = 16;

/** Files that the offline shell doesn't need. */
const isLeftOut = (fileName: string) => fileName.endsWith(".map") || fileName.startsWith(".vite/");

export function shellFiles(): Plugin {
  return {
    name: "hi-stranger-shell-files",
    apply: "build",

    buildStart() {
      this.addWatchFile(bootFile);
      this.addWatchFile(workerFile);
    },

    generateBundle: {
      order: "post",
      async handler(_options, bundle) {
        const page = bundle[pageName];
        if (page?.type !== "asset") throw new Error(`${pageName} is not in the bundle`);
        const boot = await compile(bootFile, { __LANGUAGES__: toLanguageUrls(bundle) });
        const bootName = `assets/boot-${toHash(boot)}.js`;
        this.emitFile({ type: "asset", fileName: bootName, source: boot });
        page.source = String(page.source).replace(
          "<head>",
          `<head>\n    <script src="/${bootName}"></script>`,
        );

        const names = Object.keys(bundle).filter((name) => !isLeftOut(name));
        const contents = [...names.sort().map((name) => contentOf(bundle[name])), boot];
        for (const name of publicNames) contents.push(readFileSync(publicFolder + name));
        const urls = [...names, bootName, ...publicNames].map((name) =>
          name === pageName ? "/" : `/${name}`,
        );
        const build = { version: toHash(...urls, ...contents), urls: [...new Set(urls)] };
        const worker = await compile(workerFile, { __BUILD__: build });
        this.emitFile({ type: "asset", fileName: "sw.js", source: worker });
      },
    },
  };
}

/** The files that `boot` starts to fetch: one of the languages. */
function toLanguageUrls(bundle: Rolldown.OutputBundle) {
  const urlOf = (source: string) => {
    const chunk = Object.values(bundle).find(
      (file) => file.type === "chunk" && file.facadeModuleId === sourceFolder + source,
    );
    if (!chunk) throw new Error(`${source} is no file of its own`);
    return `/${chunk.fileName}`;
  };
  const languages = readdirSync(`${sourceFolder}i18n/locales`).map((name) => name.slice(0, 2));
  return Object.fromEntries(languages.map((code) => [code, urlOf(`i18n/locales/${code}.ts`)]));
}

function contentOf(file: Rolldown.OutputAsset | Rolldown.OutputChunk | undefined) {
  return file?.type === "chunk" ? file.code : (file?.source ?? "");
}

function toHash(...contents: (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const content of contents) hash.update(content);
  return hash.digest("hex").slice(0, hashLength);
}

/** One TypeScript file without imports to a classic script, with values in the place of names. */
async function compile(file: string, values: Readonly<Record<string, unknown>>): Promise<string> {
  const { code } = await transformWithOxc(readFileSync(file, "utf8"), file, { sourcemap: false });
  let script = code.replace(/^export \{\s*\};?$/m, "");
  for (const [name, value] of Object.entries(values)) {
    script = script.replaceAll(name, JSON.stringify(value));
  }
  return `(() => {${script}})();\n`;
}
