import { defineConfig } from "vitest/config";

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
