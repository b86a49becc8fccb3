import { defineConfig } from "vitest/config";
import { inChromium } from "../../vitest.chromium.ts";

export default defineConfig({
  // Named here, because a dependency that Vite comes upon during a run makes it start over.
  optimizeDeps: { include: ["fast-check", "typebox", "typebox/format", "typebox/value"] },
  test: {
    name: "sdk in a browser",
    include: ["test/**/*.test.ts"],
    exclude: ["test/**/*.node.test.ts"],
    testTimeout: 60_000,
    isolate: false,
    browser: inChromium,
  },
});
