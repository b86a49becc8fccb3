import { cards, connect, expect, test, waitForWorker } from "./support/app.ts";
import { makePersonas, store } from "./support/personas.ts";

test.use({ expectedErrors: /status of 40[134]|ERR_|Failed to fetch/ });

test("a token that is unknown, expired or too weak is told with what to do", async ({
  page,
  environment,
}) => {
  const { expired, readOnly } = environment.tokens;
  await page.goto("/connect");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByText("Paste a token first.")).toBeVisible();
  await expect(page.getByLabel("Service token", { exact: true })).toBeFocused();

  await connect(page, "hst_nobody_made_this");
  await expect(page.getByText("The server doesn’t know this token")).toBeVisible();
  await connect(page, expired);
  await expect(page.getByText("The token has expired")).toBeVisible();
  await expect(page.getByText("npx hi token create").first()).toBeVisible();

  const [persona] = makePersonas(1);
  if (!persona) throw new Error("one persona was asked for");
  await store(environment.liveUrl, environment.tokens.full, [persona]);
  await connect(page, readOnly, `/personas/${persona.profile_id}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(
    persona.profile.identity.user_name,
  );
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("The token may not do this")).toBeVisible();
  await page.getByRole("link", { name: "Edit" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Changed");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(
    page.locator("main").getByText("saving and importing profiles:import"),
  ).toBeVisible();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Changed");
});

test("a refused token can be replaced where it stands", async ({ page, environment }) => {
  await connect(page, "hst_nobody_made_this", "/import");
  await expect(page.getByText("The server doesn’t know this token")).toBeVisible();
  // No way to where the person is already.
  await expect(page.getByRole("link", { name: "Use another token" })).toBeHidden();
  const field = page.getByLabel("Service token", { exact: true });
  await expect(field).toBeFocused();
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await page.keyboard.insertText(environment.tokens.full);
  await expect(field).toHaveValue(environment.tokens.full);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/import$/);
});

test("a token that is too weak is exchanged for another, and the person is back where they were", async ({
  page,
  environment,
}) => {
  const personas = makePersonas(1);
  const id = personas[0]?.profile_id ?? "";
  await store(environment.liveUrl, environment.tokens.full, personas);
  await connect(page, environment.tokens.readOnly, `/personas/${id}/edit`);
  await page.getByLabel("Name", { exact: true }).fill("Changed");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("link", { name: "Use another token" }).click();
  await expect(page).toHaveURL(new RegExp(`/connect\\?next=%2Fpersonas%2F${id}%2Fedit$`));
  await page.getByRole("button", { name: "Use another token" }).click();
  await page.getByLabel("Service token", { exact: true }).fill(environment.tokens.full);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Changed");
});

test("the command for a token names the server that the page comes from", async ({
  page,
  environment,
}) => {
  await page.goto("/connect");
  await page.getByText("How do I get a token?").click();
  await expect(page.locator(".command code")).toHaveText(
    `npx hi token create --name web --scope read,import,delete --url ${environment.liveUrl}`,
  );
});

test("the token is in no storage and no address, and a reload forgets it", async ({
  page,
  environment,
}) => {
  const { full } = environment.tokens;
  await connect(page, full);
  await expect(cards(page).first().or(page.getByText("No personas yet"))).toBeVisible();
  await waitForWorker(page);
  const kept = await page.evaluate(async () => {
    const requests = await Promise.all(
      (await caches.keys()).map(async (name) => (await caches.open(name)).keys()),
    );
    return JSON.stringify([
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      location.href,
      requests.flat().map(({ url }) => url),
    ]);
  });
  expect(kept).toContain("/assets/");
  expect(kept).not.toContain(full);
  expect(kept).not.toContain("/api/");
  await page.reload();
  await expect(page.getByText("Connect again")).toBeVisible();
  await expect(page.getByText("the reload has forgotten it, as it should")).toBeVisible();
  await page.locator("main").getByRole("link", { name: "Connect" }).click();
  await expect(page).toHaveURL(/\/connect\?next=%2Fpersonas$/);
});

test("personas are browsed by filter and page, deleted and brought back", async ({
  page,
  environment,
}) => {
  const personas = makePersonas(40).map((persona) => ({
    ...persona,
    profile: { ...persona.profile, system: { language: "tlh-Latn" } },
  }));
  await store(environment.liveUrl, environment.tokens.full, personas);
  await connect(page, environment.tokens.full, "/personas?language=tlh-Latn");
  await expect(cards(page)).toHaveCount(24);
  await page.getByRole("button", { name: "Load more" }).click();
  await expect(cards(page)).toHaveCount(40);
  const name = (await cards(page).nth(30).textContent()) ?? "";
  await cards(page).nth(30).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText(`${name} is deleted.`).first()).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("heading", { name: "There is no such persona" })).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText(`${name} is back.`)).toBeVisible();
});

test("a persona whose deletion can't be undone can be kept as a file", async ({
  page,
  environment,
}) => {
  const personas = makePersonas(1);
  const [persona] = personas;
  if (!persona) throw new Error("one persona was asked for");
  await store(environment.liveUrl, environment.tokens.full, personas);
  await connect(page, environment.tokens.deleteAndRead, `/personas/${persona.profile_id}`);
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("could not be brought back")).toBeVisible();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save it as a file" }).click(),
  ]);
  expect(file.suggestedFilename()).toBe(`${persona.profile_id}.ndjson`);
});

test("a server that is gone is told, and found again", async ({ page, environment }) => {
  await connect(page, environment.tokens.full);
  await expect(page.getByRole("heading", { name: "Personas", level: 1 })).toBeVisible();
  await page.route("**/api/**", (route) => route.abort());
  await page.getByRole("link", { name: "Import and export" }).click();
  await page.getByRole("button", { name: "Download all personas" }).click();
  await expect(page.getByText("The server can’t be reached")).toBeVisible();
  await expect(page.getByText("nothing can be saved")).toBeVisible();
  await page.unroute("**/api/**");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("nothing can be saved")).toBeHidden();
  await download;
});

test("a prototype server can be read without a token", async ({ page, environment }) => {
  await page.goto(`${environment.prototypeUrl}/connect`);
  await expect(page.getByText("runs as a prototype")).toBeVisible();
  await page.getByRole("button", { name: "Look around without a token" }).click();
  await expect(page.getByRole("heading", { name: "No personas yet" })).toBeVisible();
});
