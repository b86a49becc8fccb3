import { defineConfig } from "vitest/config";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: { name: "web", include: ["test/**/*.test.ts"], environment: "node", isolate: false },
});
