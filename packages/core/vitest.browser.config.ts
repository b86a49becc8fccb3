import chromium from "@sparticuz/chromium";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";

/** Chrome where the machine names one, else the Chromium that comes from npm and needs no root. */
const executablePath = process.env["CHROME_PATH"] ?? (await chromium.executablePath());

export default defineConfig({
  // Named here, because a dependency that Vite comes upon during a run makes it start over.
  optimizeDeps: { include: ["fast-check", "typebox", "typebox/format", "typebox/value"] },
  test: {
    name: "core in a browser",
    include: ["test/**/*.test.ts"],
    // Some take a second, and a busy machine ten times that.
    testTimeout: 60_000,
    exclude: ["test/**/*.node.test.ts"],
    isolate: false,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          executablePath,
          args: ["--no-sandbox", "--disable-background-networking", "--disable-quic"],
        },
      }),
      instances: [{ browser: "chromium" }],
    },
  },
});
