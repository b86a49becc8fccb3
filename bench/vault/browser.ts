/** The vault in a real browser, under the product's own policies, against bare Argon2id and plain SQLite. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import { findBrowser } from "../../tests/e2e/support/browser.ts";
import { startVaultSite } from "../../tests/e2e/support/vault-site.ts";
import type { BrowserFigures } from "./figures.ts";
import type { BenchPage } from "./page/page.ts";

const pageFolder = fileURLToPath(new URL("page", import.meta.url));

export interface BrowserOptions {
  /** Records written and read in each round. */
  readonly rows: number;
  readonly runs: number;
  readonly progress: (text: string) => void;
}

/** Measures round after round, each in a new browser with an empty profile. */
export async function measureVaultInBrowser({
  rows,
  runs,
  progress,
}: BrowserOptions): Promise<BrowserFigures[]> {
  const site = await startVaultSite(pageFolder);
  try {
    const figures: BrowserFigures[] = [];
    for (let run = 1; run <= runs; run += 1) {
      const round = await measureRound(site.url, rows);
      figures.push(round);
      progress(`browser run ${run}: unlock ${round.vault.unlockMs.toFixed(1)} ms`);
    }
    return figures;
  } finally {
    await site.close();
  }
}

async function measureRound(url: string, rows: number): Promise<BrowserFigures> {
  const { path, variables } = await findBrowser();
  // On disk, as a person's: what a private window keeps in memory goes through another process.
  const profile = mkdtempSync(join(tmpdir(), "hi-stranger-profile-"));
  try {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: path,
      env: { ...process.env, ...variables },
      args: ["--no-sandbox", "--disable-background-networking", "--disable-quic"],
    });
    try {
      const page = await context.newPage();
      await page.goto(url);
      return await page.evaluate((rows) => {
        const { benchPage } = globalThis as unknown as { readonly benchPage: BenchPage };
        return benchPage.round(rows);
      }, rows);
    } finally {
      await context.close();
    }
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
