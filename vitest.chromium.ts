/** The browser that unit tests run in: Chrome where the machine names one, else npm's Chromium, which needs no root. */
import chromium from "@sparticuz/chromium";
import { playwright } from "@vitest/browser-playwright";

const executablePath = process.env["CHROME_PATH"] ?? (await chromium.executablePath());

export const inChromium = {
  enabled: true,
  headless: true,
  screenshotFailures: false,
  provider: playwright({
    launchOptions: {
      executablePath,
      args: ["--no-sandbox", "--disable-background-networking", "--disable-quic"],
    },
  }),
  instances: [{ browser: "chromium" as const }],
};
