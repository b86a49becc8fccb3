import { addDemoPersonas, cards, expect, test } from "./support/app.ts";

test("the whole way, from the first visit to an undone deletion, by keyboard alone", async ({
  page,
}) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();

  // The skip link comes first and leads past the header.
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Add demo personas" })).toBeFocused();
  await page.keyboard.press("Enter");

  // A new screen takes the focus to its heading and says its name.
  const heading = page.getByRole("heading", { level: 1 });
  await expect(heading).toHaveText("Personas");
  await expect(heading).toBeFocused();
  await expect(page).toHaveTitle("Personas · Hi Stranger");
  await expect(page.locator("[data-announcer]")).not.toBeEmpty();

  // Arrow keys go through the cards.
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "New persona" })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.locator("summary", { hasText: "Filters" })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(cards(page).nth(0)).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await expect(cards(page).nth(1)).toBeFocused();
  await page.keyboard.press("End");
  await expect(cards(page).last()).toBeFocused();
  await page.keyboard.press("Home");
  const name = (await cards(page).first().textContent()) ?? "";
  await page.keyboard.press("Enter");
  await expect(heading).toHaveText(name);
  await expect(heading).toBeFocused();

  // Editing: the first action of the screen.
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(heading).toHaveText("Edit the persona");
  await expect(heading).toBeFocused();
  const nameField = page.getByLabel("Name", { exact: true });
  // The form comes with its own script, which may be later than the heading.
  await expect(nameField).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(nameField).toBeFocused();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("Wanderer of keys");
  await page.keyboard.press("Enter");
  await expect(heading).toHaveText("Wanderer of keys");
  await expect(heading).toBeFocused();

  // Deleting, and taking it back.
  for (let presses = 0; presses < 4; presses++) await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Delete" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(heading).toHaveText("Personas");
  await expect(page.getByText("23 personas", { exact: true })).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect(page.getByText("24 personas", { exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: "Wanderer of keys" })).toBeVisible();
});

test("single keys lead to places, and can be switched off", async ({ page }) => {
  await addDemoPersonas(page);
  const heading = page.getByRole("heading", { level: 1 });
  await page.keyboard.press("i");
  await expect(heading).toHaveText("Import and export");
  await page.keyboard.press("p");
  await expect(heading).toHaveText("Personas");
  await page.keyboard.press("/");
  await expect(page.getByRole("combobox", { name: "Language" })).toBeFocused();
  await page.keyboard.press("n");
  await expect(heading).toHaveText("Personas");
  await heading.focus();
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard help" });
  await expect(help).toBeVisible();
  await page.keyboard.press("n");
  await expect(help).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();
  await expect(heading).toBeFocused();

  await page.getByRole("button", { name: "Display and language" }).click();
  await page.getByRole("checkbox", { name: "Single-key shortcuts" }).uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("n");
  await page.keyboard.press("?");
  await expect(heading).toHaveText("Personas");
  await expect(help).toBeHidden();
});

test("typing in a field never triggers a shortcut", async ({ page }) => {
  await page.goto("/personas/new");
  const name = page.getByLabel("Name", { exact: true });
  await name.fill("");
  await name.pressSequentially("pin?/");
  await expect(name).toHaveValue("pin?/");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("New persona");
});
