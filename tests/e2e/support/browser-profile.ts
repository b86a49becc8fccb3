/** Browsers that keep their data on disk, from one start to the next. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, type CDPSession, chromium, type Page, test } from "@playwright/test";

/** A browser of its own: its first page, and ways to its process. */
export interface Launched {
  readonly page: Page;
  readonly session: CDPSession;
  /** Ends all of its processes at once. */
  kill(): Promise<void>;
}

/** Gives `work` browsers, one after the other, that keep their data in one profile. */
export async function withProfile(
  work: (launch: () => Promise<Launched>) => Promise<void>,
): Promise<void> {
  const profile = mkdtempSync(join(tmpdir(), "hi-stranger-profile-"));
  const contexts: BrowserContext[] = [];
  try {
    await work(async () => {
      const { launchOptions } = test.info().project.use;
      const context = await chromium.launchPersistentContext(profile, launchOptions);
      contexts.push(context);
      const [page = await context.newPage()] = context.pages();
      const session = await context.browser()?.newBrowserCDPSession();
      if (!session) throw new Error("there is no way to the browser's process");
      return {
        page,
        session,
        async kill() {
          const closed = context.waitForEvent("close");
          // It doesn't live to answer.
          session.send("Browser.crash").catch(() => undefined);
          await closed;
        },
      };
    });
  } finally {
    for (const context of contexts) await context.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
