import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "cli",
    environment: "node",
    include: ["test/**/*.test.ts"],
    globalSetup: ["../../packages/vault/test/support/templates-folder.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
