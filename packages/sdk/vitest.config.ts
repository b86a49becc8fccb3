import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    name: "sdk in Node",
    environment: "node",
    include: ["test/**/*.test.ts"],
    // Starting a server and sending to it takes as long as the machine is busy.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
