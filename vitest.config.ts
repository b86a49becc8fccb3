import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Every workspace brings its own projects: one configuration file for each runtime it is tested in. */
export default defineConfig({
  test: {
    // Many tests wait for a server or a browser: two at once pay even on two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      "packages/*/vitest*.config.ts",
      "apps/*/vitest*.config.ts",
      "tests/*/vitest.config.ts",
    ],
  },
});
