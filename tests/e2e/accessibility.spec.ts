import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { addDemoPersonas, connect, expect, test } from "./support/app.ts";

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// A refused token and an unknown address are among the screens.
test.use({ expectedErrors: /status of 40[14]/ });

for (const colorScheme of ["light", "dark"] as const) {
  for (const dir of ["ltr", "rtl"] as const) {
    test(`axe finds nothing on any screen, ${colorScheme} and ${dir}`, async ({
      page,
      environment,
    }) => {
      test.setTimeout(240_000);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const check = async (place: string) => {
        await page.evaluate((value) => {
          document.documentElement.dir = value;
        }, dir);
        // No screen has a frame, for whose results the usual mode opens a page of its own each time; and
        // what passes needn't be told, which is most of what there is to tell.
        const axe = new AxeBuilder({ page }).options({ resultTypes: ["violations"] });
        const { violations } = await axe.withTags(tags).setLegacyMode(true).analyze();
        const found = violations.flatMap(({ id, nodes }) =>
          nodes.map(({ html, failureSummary }) => `${place}: ${id} ${html} ${failureSummary}`),
        );
        expect(found).toEqual([]);
      };
      await walkEmptyScreens(page, check);
      await walkScreensWithPersonas(page, check);
      await walkTransfer(page, check);
      await walkLive(page, environment.tokens.full, check);
    });
  }
}

type Check = (place: string) => Promise<void>;

async function walkEmptyScreens(page: Page, check: Check): Promise<void> {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await check("welcome");
  await page.getByRole("button", { name: "Display and language" }).click();
  await expect(page.getByRole("group", { name: "Display and language" })).toBeVisible();
  await check("display menu");
  await page.getByRole("button", { name: "Keyboard help" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await check("help");
  await page.keyboard.press("Escape");
  await page.goto("/personas");
  await expect(page.getByRole("heading", { name: "No personas yet" })).toBeVisible();
  await check("empty list");
  await page.goto("/nowhere/at/all");
  await expect(page.getByRole("heading", { name: "Nothing lives" })).toBeVisible();
  await check("unknown address");
  await page.goto("/personas/usr_nobody1");
  await expect(page.getByRole("heading", { name: "no such persona" })).toBeVisible();
  await check("unknown persona");
}

async function walkScreensWithPersonas(page: Page, check: Check): Promise<void> {
  await addDemoPersonas(page);
  await check("list with a message");
  await page.locator("summary", { hasText: "Filters" }).click();
  await page.getByRole("group", { name: "Empathy" }).getByRole("radio", { name: "4" }).check();
  await expect(page.getByRole("button", { name: "Empathy 4" })).toBeVisible();
  await check("filtered list");
  await page.getByRole("button", { name: "Empathy 4" }).click();
  await page.getByRole("combobox", { name: "Language" }).selectOption("ja");
  await expect(page.getByRole("heading", { name: "Nobody is like that yet" })).toBeVisible();
  await check("no match");
  await page.getByRole("button", { name: "Clear the filters" }).first().click();
  await page.locator(".card-name a").first().click();
  await page.getByText("The record, which strangers don’t see").click();
  await check("persona");
  await page.getByRole("link", { name: "Edit" }).click();
  await expect(page.getByRole("button", { name: "Save" })).toBeVisible();
  await check("editor");
  await page.goto("/personas/new");
  await page.getByRole("textbox", { name: "About" }).fill("Call 0171 2345678, or mara@example.org");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("fields need your attention")).toBeVisible();
  await check("editor with mistakes");
  await page.reload();
  await expect(page.getByText("your unsaved draft")).toBeVisible();
  await check("editor with a draft");
}

async function walkTransfer(page: Page, check: Check): Promise<void> {
  await page.goto("/import");
  await expect(page.getByText("Choose a file")).toBeVisible();
  await check("import");
  await page.locator("input[type=file]").setInputFiles({
    name: "people.ndjson",
    mimeType: "application/x-ndjson",
    buffer: Buffer.from("not json\n{}\n"),
  });
  await expect(page.getByRole("heading", { name: "Refused lines" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Download failed lines" })).toBeVisible();
  await check("import with refused lines");
}

async function walkLive(page: Page, token: string, check: Check): Promise<void> {
  await page.goto("/connect");
  await expect(page.getByText("is up.")).toBeVisible();
  await page.getByText("How do I get a token?").click();
  await check("connect");
  await connect(page, "hst_not_a_token");
  await expect(page.getByText("The server doesn’t know this token")).toBeVisible();
  await check("refused token");
  await connect(page, token);
  await expect(page.getByRole("heading", { name: "Personas", level: 1 })).toBeVisible();
  await page.getByRole("link", { name: "LIVE" }).click();
  await expect(page.getByRole("button", { name: "Disconnect" })).toBeVisible();
  await check("connected");
  await page.goto("/personas");
  await expect(page.getByText("Connect again")).toBeVisible();
  await check("forgotten token");
}
