import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "core in Node",
    include: ["test/**/*.test.ts"],
    // Some take a second, and a busy machine ten times that.
    testTimeout: 60_000,
    // Far from UTC, so that a day read in the machine's own zone is a wrong one.
    env: { TZ: "Pacific/Kiritimati" },
    // No file leaves anything behind, and one set of modules for all of them is loaded much faster.
    isolate: false,
  },
});
