/**
 * The test of every file here: a page whose console stays clean and whose policy is never broken.
 */
import { type ConsoleMessage, type Page, test as base, expect } from "@playwright/test";
import { type Environment, readEnvironment } from "./environment.ts";

interface Fixtures {
  readonly environment: Environment;
  /** Console errors that this test brings about on purpose. */
  readonly expectedErrors: RegExp;
  readonly cleanConsole: void;
}

export const test = base.extend<Fixtures>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads which fixtures are used from the pattern.
  environment: async ({}, use) => use(readEnvironment()),
  expectedErrors: [/^$/, { option: true }],
  cleanConsole: [
    async ({ context, expectedErrors }, use) => {
      const problems: string[] = [];
      const note = (text: string) => {
        if (!expectedErrors.test(text)) problems.push(text);
      };
      context.on("console", (message: ConsoleMessage) => {
        if (message.type() === "error" || message.type() === "warning") note(message.text());
      });
      context.on("weberror", (error) => note(String(error.error())));
      await context.exposeFunction("notePolicyViolation", note);
      await context.addInitScript(() => {
        addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
          const { notePolicyViolation } = globalThis as unknown as {
            notePolicyViolation(text: string): void;
          };
          notePolicyViolation(`policy broken: ${violatedDirective} ${blockedURI}`);
        });
      });
      await use();
      expect(problems).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Fills this device's home with the demo personas, from the welcome screen. */
export async function addDemoPersonas(page: Page): Promise<void> {
  await page.goto("/");
  await page.getByRole("button", { name: "Add demo personas" }).click();
  await expect(page.getByRole("heading", { name: "Personas", level: 1 })).toBeVisible();
  await expect(cards(page).first()).toBeVisible();
}

export function cards(page: Page) {
  return page.locator(".card-name a");
}

/** Connects to LIVE through the screen, as a person does. */
export async function connect(page: Page, token: string, next = "/personas"): Promise<void> {
  await page.goto(`/connect?next=${encodeURIComponent(next)}`);
  await page.getByLabel("Service token", { exact: true }).fill(token);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
}

/** Resolves once the service worker has kept the shell and answers for this page. */
export async function waitForWorker(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (navigator.serviceWorker.controller) return;
    await new Promise((resolve) => {
      navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true });
    });
  });
}
