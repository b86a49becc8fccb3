import { addDemoPersonas, cards, connect, expect, test, waitForWorker } from "./support/app.ts";

test.use({ expectedErrors: /ERR_INTERNET_DISCONNECTED|Failed to fetch/ });

test("after one visit everything on this device works without a network", async ({
  page,
  context,
}) => {
  await addDemoPersonas(page);
  await waitForWorker(page);
  await context.setOffline(true);
  await expect(page.getByText("Everything on this device goes on working.")).toBeVisible();
  const url = (await cards(page).first().getAttribute("href")) ?? "";
  await page.goto(`${url}/edit`);
  await page.getByLabel("Name", { exact: true }).fill("Islander");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Islander");
  await page.goto("/import");
  await expect(page.getByText("Choose a file")).toBeVisible();
  await page.getByRole("button", { name: "Display and language" }).click();
  await page.getByRole("combobox", { name: "Language" }).selectOption("es");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Importar y exportar");
  await context.setOffline(false);
  await expect(page.locator(".banner")).toBeHidden();
});

test("LIVE says honestly that it needs the network", async ({ page, context, environment }) => {
  await connect(page, environment.tokens.full);
  await expect(page.getByRole("heading", { name: "Personas", level: 1 })).toBeVisible();
  await waitForWorker(page);
  await context.setOffline(true);
  await expect(
    page.getByText("LIVE data can’t be loaded or saved until you are back."),
  ).toBeVisible();
  await page.getByRole("link", { name: "Import and export" }).click();
  await page.getByRole("button", { name: "Download all personas" }).click();
  await expect(page.locator(".note-problem")).toContainText("You are offline");
});

test("the worker keeps the app's files and nothing of the API", async ({ page, environment }) => {
  await connect(page, environment.tokens.full);
  await expect(page.getByRole("heading", { name: "Personas", level: 1 })).toBeVisible();
  await waitForWorker(page);
  await page.reload();
  await expect(page.getByText("Connect again")).toBeVisible();
  const paths = await page.evaluate(async () => {
    const names = await caches.keys();
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return requests.flat().map(({ url }) => new URL(url).pathname);
  });
  expect(paths).toContain("/");
  expect(
    paths.filter((path) => !/^\/$|^\/assets\/|^\/[a-z.]+\.(?:svg|webmanifest)$/.test(path)),
  ).toEqual([]);
});
