import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [cloudflareTest({ miniflare: { compatibilityDate: "2026-10-01", cf: false } })],
  test: {
    name: "core in workerd",
    include: ["test/**/*.test.ts"],
    // Some take a second, and a busy machine ten times that.
    testTimeout: 60_000,
    exclude: ["test/**/*.node.test.ts"],
    isolate: false,
  },
});
