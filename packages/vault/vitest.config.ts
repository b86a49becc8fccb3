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
  },
});
