import chromium from "@sparticuz/chromium";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";

/** Chrome where the machine names one, else the Chromium that comes from npm and needs no root. */
const executablePath = process.env["CHROME_PATH"] ?? (await chromium.executablePath());

export default defineConfig({
  // Named here, because a dependency that Vite comes upon during a run makes it start over.
  optimizeDeps: { include: ["fast-check", "typebox", "typebox/format", "typebox/value"] },
  test: {
    name: "sdk in a browser",
    include: ["test/**/*.test.ts"],
    exclude: ["test/**/*.node.test.ts"],
    testTimeout: 60_000,
    isolate: false,
    // Files share the page's one `localStorage`.
    fileParallelism: false,
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
