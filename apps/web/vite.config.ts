import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { shellFiles } from "./build/shell-files.ts";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [shellFiles()],
  build: {
    // Browsers that know light-dark(), popover and the rest of what the styles are written in.
    target: ["chrome125", "edge125", "firefox128", "safari18"],
    // One small stylesheet, so that no screen is ever seen unstyled.
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // All that the first screen needs in one file, which needs no preload.
            { name: "shell", tags: ["$initial"], priority: 2 },
            // What several screens share, rather than a file for each piece.
            { name: "shared", test: /apps\/web\/src\/(?!i18n\/locales)/, minShareCount: 2 },
          ],
        },
      },
    },
  },
});
