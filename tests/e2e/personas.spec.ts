import { addDemoPersonas, cards, expect, test } from "./support/app.ts";
import { makePersonas, toNdjson } from "./support/personas.ts";

test("a first visit explains itself, and offers people to start with", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Say hi without saying who.");
  await expect(page.getByRole("heading", { name: /On this device/ })).toBeVisible();
  await expect(page.getByRole("heading", { name: "LIVE", exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Add demo personas" }).click();
  await expect(page.getByText("24 personas", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("heading", { name: "No personas yet" })).toBeVisible();
});

test("filters stand in the address, and an address brings its filters", async ({ page }) => {
  await addDemoPersonas(page);
  await page.locator("summary", { hasText: "Filters" }).click();
  await page.getByRole("combobox", { name: "Language" }).selectOption("de");
  await expect(page).toHaveURL(/\/personas\?language=de$/);
  await page.getByRole("group", { name: "Temper" }).getByRole("radio", { name: "Calm" }).check();
  await expect(page).toHaveURL(/\/personas\?language=de&regulation=calm$/);
  const count = page.getByText(/\d+ match(?:es)? among 24/);
  await expect(count).toBeVisible();
  const shown = await cards(page).count();
  expect(await count.textContent()).toMatch(new RegExp(`^${shown} `));
  expect(shown).toBeGreaterThan(0);
  expect(shown).toBeLessThan(24);

  await page.reload();
  await expect(page.getByRole("button", { name: "German" })).toBeVisible();
  await expect(cards(page)).toHaveCount(shown);
  await page.getByRole("button", { name: "German" }).click();
  await expect(page).toHaveURL(/\/personas\?regulation=calm$/);
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await expect(cards(page)).toHaveCount(24);
});

test("more cards come on demand, and are still there on the way back", async ({ page }) => {
  await page.goto("/import");
  await page.locator("input[type=file]").setInputFiles({
    name: "sixty.ndjson",
    mimeType: "application/x-ndjson",
    buffer: Buffer.from(toNdjson(makePersonas(60))),
  });
  await expect(page.getByRole("heading", { name: "Imported sixty.ndjson" })).toBeVisible();
  await page.locator(".run").getByRole("link", { name: "Personas" }).click();
  await expect(page.getByText("24 of 60 personas")).toBeVisible();
  await page.getByRole("button", { name: "Load more" }).click();
  await expect(cards(page)).toHaveCount(48);
  await expect(cards(page).nth(24)).toBeFocused();
  await page.getByRole("button", { name: "Load more" }).click();
  await expect(cards(page)).toHaveCount(60);
  await expect(page.getByRole("button", { name: "Load more" })).toBeHidden();
  await expect(page.getByText("60 personas", { exact: true })).toBeVisible();

  await cards(page).nth(50).click();
  await expect(page.getByRole("link", { name: "Edit" })).toBeVisible();
  await page.goBack();
  await expect(cards(page)).toHaveCount(60);
});

test("a persona shows strangers no birthday, and loads no stranger's picture unasked", async ({
  page,
}) => {
  const [persona] = makePersonas(1);
  if (!persona) throw new Error("one persona was asked for");
  persona.profile.identity.avatar_picture = "https://pictures.example/one.svg";
  let requests = 0;
  await page.route("https://pictures.example/**", (route) => {
    requests += 1;
    return route.fulfill({
      contentType: "image/svg+xml",
      body: '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    });
  });
  await page.goto("/import");
  await page.locator("input[type=file]").setInputFiles({
    name: "one.ndjson",
    mimeType: "application/x-ndjson",
    buffer: Buffer.from(toNdjson([persona])),
  });
  await page.locator(".run").getByRole("link", { name: "Personas" }).click();
  await cards(page).first().click();
  const year = persona.profile.identity.birthday.slice(0, 4);
  await expect(page.locator(".view")).toBeVisible();
  await expect(page.locator(".view")).not.toContainText(year);
  expect(requests).toBe(0);
  await page.getByRole("button", { name: "Show the picture from pictures.example" }).click();
  await expect(page.getByAltText("The picture this persona names")).toBeVisible();
  // The picture's place is there before the picture.
  await expect.poll(() => requests).toBe(1);
});

test("what another tab writes is seen", async ({ context }) => {
  const [first, second] = [await context.newPage(), await context.newPage()];
  await first.goto("/personas");
  await expect(first.getByRole("heading", { name: "No personas yet" })).toBeVisible();
  await addDemoPersonas(second);
  await expect(first.getByText("24 personas", { exact: true })).toBeVisible();
});

test("damaged data is set aside, told, and can be saved", async ({ page }) => {
  await page.goto("/");
  await page.evaluate(() => localStorage.setItem("hs.profiles", "these are not personas"));
  await page.goto("/personas");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save it as a file" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("hs.quarantine.hs.profiles.1.txt");
  expect(await readText(download)).toBe("these are not personas");
});

async function readText(download: { createReadStream(): Promise<NodeJS.ReadableStream> }) {
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}
