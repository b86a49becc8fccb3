import { expect, test } from "./support/app.ts";

// One test keeps the app's own script from the page.
test.use({ expectedErrors: /ERR_FAILED/ });

test("theme and language are kept, and set before the app's own code runs", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto("/");
  await page.getByRole("button", { name: "Display and language" }).click();
  await page.getByRole("radio", { name: "Dark" }).check();
  await page.getByRole("combobox", { name: "Language" }).selectOption("de");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sag Hi, ohne zu sagen, wer.");
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await expect(page).toHaveTitle("Willkommen · Hi Stranger");
  const dark = await page.evaluate(
    () => getComputedStyle(document.documentElement).backgroundColor,
  );

  const ownCode = /\/assets\/(?!boot-)[\w.-]+\.js$/;
  await page.route(ownCode, (route) => route.abort());
  await page.evaluate(async () => {
    for (const registration of await navigator.serviceWorker.getRegistrations()) {
      await registration.unregister();
    }
  });
  await page.goto("/connect");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  expect(
    await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor),
  ).toBe(dark);
  await expect(page.locator("#app")).toBeEmpty();
  await page.unroute(ownCode);
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Sag Hi");
});

test.describe("a visitor from Brazil", () => {
  test.use({ locale: "pt-BR" });
  test("is greeted in Portuguese, and nothing is stored for it", async ({ page }) => {
    await page.goto("/");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Diga oi sem dizer quem.");
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
  });
});

test("the system's theme is followed until another is chosen", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto("/");
  const color = () =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const dark = await color();
  await page.emulateMedia({ colorScheme: "light" });
  const light = await color();
  expect(light).not.toBe(dark);
  await page.getByRole("button", { name: "Display and language" }).click();
  await page.getByRole("radio", { name: "Dark" }).check();
  expect(await color()).toBe(dark);
});
