import { defineConfig } from "vitest/config";
import { inChromium } from "../../vitest.chromium.ts";

export default defineConfig({
  // Named here, because a dependency that Vite comes upon during a run makes it start over.
  optimizeDeps: { include: ["fast-check", "typebox", "typebox/format", "typebox/value"] },
  test: {
    name: "core in a browser",
    include: ["test/**/*.test.ts"],
    // Some take a second, and a busy machine ten times that.
    testTimeout: 60_000,
    exclude: ["test/**/*.node.test.ts"],
    isolate: false,
    browser: inChromium,
  },
});
