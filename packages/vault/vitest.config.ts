import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "vault in Node",
    environment: "node",
    include: ["test/**/*.test.ts"],
    exclude: ["test/web/**"],
    // Deriving keys takes as long as the machine is busy.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    env: { TZ: "Pacific/Kiritimati" },
    globalSetup: ["./test/support/templates-folder.ts"],
    // One set of modules for all files: they share the keys that were derived and the vaults to copy.
    isolate: false,
  },
});
