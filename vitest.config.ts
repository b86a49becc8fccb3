import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// Many tests wait for a server or a browser: two files at once pay even on two cores. By this variable,
// as projects with files of their own inherit no `maxWorkers`, and all of one group must have the same.
process.env["VITEST_MAX_WORKERS"] ??= String(Math.max(2, availableParallelism() - 1));

/** Every workspace brings its own projects: one configuration file for each runtime it is tested in. */
export default defineConfig({
  test: {
    projects: [
      "packages/*/vitest*.config.ts",
      "apps/*/vitest*.config.ts",
      "tests/*/vitest.config.ts",
    ],
  },
});
