import { defineConfig } from "@playwright/test";
import { readEnvironment, reportFile } from "./tests/e2e/support/environment.ts";

/** Started by `node tests/e2e/run.ts`, which brings the server and the browser. */
const { liveUrl, chromePath } = readEnvironment();
const file = reportFile();

export default defineConfig({
  testDir: "tests/e2e",
  outputDir: "test-results",
  forbidOnly: file !== null,
  workers: 2,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: file === null ? [["line"]] : [["line"], ["json", { outputFile: file }]],
  use: {
    baseURL: liveUrl,
    actionTimeout: 20_000,
    locale: "en-US",
    timezoneId: "Europe/Berlin",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: chromePath,
      args: ["--no-sandbox", "--disable-background-networking", "--disable-quic"],
    },
  },
});
