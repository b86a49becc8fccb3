/**
 * The two scripts of the shell that can't be ordinary modules.
 *
 * `boot` runs before the first paint, so it is a classic script with a hashed name that blocks.
 * `sw.js` must sit at the root under a fixed name and know the hashed names of all other files.
 */
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Plugin, transformWithOxc } from "vite";

const bootFile = fileURLToPath(new URL("../src/boot.ts", import.meta.url));
const workerFile = fileURLToPath(
  new URL("../src/service-worker/service-worker.ts", import.meta.url),
);

const publicFolder = fileURLToPath(new URL("../public/", import.meta.url));
const publicNames = readdirSync(publicFolder).sort();
const bootName = "boot.js";

/** Files that the offline shell doesn't need. */
const isLeftOut = (fileName: string) =>
  fileName === "sw.js" || fileName.endsWith(".map") || fileName.startsWith(".vite/");

export function shellFiles(): Plugin {
  return {
    name: "hi-stranger-shell-files",
    apply: "build",

    async buildStart() {
      this.addWatchFile(bootFile);
      this.addWatchFile(workerFile);
      this.emitFile({ type: "asset", name: bootName, source: await compile(bootFile) });
    },

    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle = {} }) {
        const boot = Object.values(bundle).find(
          (file) => file.type === "asset" && file.names.includes(bootName),
        );
        if (!boot) throw new Error(`${bootName} is not in the bundle`);
        return [{ tag: "script", attrs: { src: `/${boot.fileName}` }, injectTo: "head-prepend" }];
      },
    },

    generateBundle: {
      order: "post",
      async handler(_options, bundle) {
        const names = Object.keys(bundle).filter((name) => !isLeftOut(name));
        const hash = createHash("sha256");
        for (const name of names.sort()) {
          const file = bundle[name];
          if (file) hash.update(name).update(file.type === "chunk" ? file.code : file.source);
        }
        for (const name of publicNames) hash.update(name).update(readFileSync(publicFolder + name));
        const urls = [...names, ...publicNames].map((name) =>
          name === "index.html" ? "/" : `/${name}`,
        );
        const build = { version: hash.digest("hex").slice(0, 16), urls };
        const code = await compile(workerFile);
        this.emitFile({
          type: "asset",
          fileName: "sw.js",
          source: code.replace("__BUILD__", JSON.stringify(build)),
        });
      },
    },
  };
}

/** One TypeScript file without imports to a classic script. */
async function compile(file: string): Promise<string> {
  const { code } = await transformWithOxc(readFileSync(file, "utf8"), file, { sourcemap: false });
  const script = code.replace(/^export \{\s*\};?$/m, "");
  return `(() => {${script}})();\n`;
}
