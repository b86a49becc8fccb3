import { defineConfig } from "vitest/config";

/** The local server runs in Node; what it serves runs in workerd, and has tests of its own there. */
export default defineConfig({
  test: {
    name: "edge, local server",
    include: ["local/test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
