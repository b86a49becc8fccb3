import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "core in Node",
    include: ["test/**/*.test.ts"],
    // No file leaves anything behind, and one set of modules for all of them is loaded much faster.
    isolate: false,
  },
});
