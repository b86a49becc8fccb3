import type { Page } from "@playwright/test";
import { addDemoPersonas, cards, expect, test } from "./support/app.ts";
import { makePersonas, toNdjson } from "./support/personas.ts";

/** Fills every required field but those that a test leaves out. */
async function fillForm(page: Page, name: string): Promise<void> {
  await page.getByLabel("Name", { exact: true }).fill(name);
  await choose(page, "Gender", "Non-binary");
  await page.getByLabel("Birthday").fill("1990-05-17");
  await choose(page, "Looks for", "Advice");
  await choose(page, "Wants from a conversation", "Easy talk");
  await choose(page, "Values", "Loyalty and trust");
  await choose(page, "Assertiveness", "4");
  await choose(page, "Social energy", "Likes to lead the conversation");
  await choose(page, "Way of speaking", "Open and direct");
  await choose(page, "In a conflict", "Avoids it");
  await choose(page, "Supports others by", "Humour and distraction");
  await choose(page, "Decides", "On impulse");
  await choose(page, "Empathy", "5");
  await choose(page, "Stress tolerance", "2");
  await choose(page, "Temper", "Sensitive");
  await choose(page, "Needs", "Constancy and reliability");
  await choose(page, "Stays in touch", "Spontaneously");
  await page.getByRole("textbox", { name: "Interests" }).fill("tea\nnight trains");
  await choose(page, "Way of life", "Relaxed and playful");
}

async function choose(page: Page, group: string, option: string): Promise<void> {
  const name = new RegExp(`^${group}(?: \\(optional\\))?$`);
  const place = page.getByRole("radiogroup", { name }).or(page.getByRole("group", { name }));
  const named = { name: option, exact: true };
  await place.getByRole("radio", named).or(place.getByRole("checkbox", named)).check();
}

const save = (page: Page) => page.getByRole("button", { name: "Save", exact: true }).click();

test("a persona can be written, found, duplicated and taken back", async ({ page }) => {
  await page.goto("/personas/new");
  await fillForm(page, "Ada of the attic");
  await expect(page.getByRole("spinbutton", { name: "Age" })).not.toHaveValue("");
  const preview = page.getByRole("complementary", { name: "What strangers see" });
  await expect(preview).toContainText("Ada of the attic");
  await expect(preview).toContainText("night trains");
  await expect(preview).not.toContainText("1990");
  await save(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Ada of the attic");

  await page.getByRole("link", { name: "Duplicate" }).click();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Ada of the attic");
  await page.getByLabel("Name", { exact: true }).fill("Ada of the cellar");
  await save(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Ada of the cellar");
  await page.goto("/personas");
  await expect(cards(page)).toHaveText(["Ada of the attic", "Ada of the cellar"]);
});

test("an edit can be undone", async ({ page }) => {
  await addDemoPersonas(page);
  const name = (await cards(page).first().textContent()) ?? "";
  await cards(page).first().click();
  await page.getByRole("link", { name: "Edit" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Somebody else");
  await save(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Somebody else");
  await page.getByRole("button", { name: "Undo" }).last().click();
  await expect(page.locator(".toast", { hasText: `${name} is as before.` })).toBeVisible();
  await page.getByRole("link", { name: "All personas" }).click();
  await expect(cards(page).first()).toHaveText(name);
});

test("every mistake is told at its field, and focus goes to the first", async ({ page }) => {
  await page.goto("/personas/new");
  await fillForm(page, "Ada");
  await page.getByLabel("Name", { exact: true }).fill("");
  await page.getByRole("spinbutton", { name: "Age" }).fill("12");
  await page.getByLabel("Picture").fill("nowhere");
  await page.getByRole("textbox", { name: "About" }).fill("x".repeat(801));
  await page.locator("main").getByRole("combobox", { name: "Language" }).fill("English!");
  await save(page);
  await expect(page.getByText("5 fields need your attention.")).toBeVisible();
  const name = page.getByLabel("Name", { exact: true });
  await expect(name).toBeFocused();
  await expect(name).toHaveAttribute("aria-invalid", "true");
  await expect(name).toHaveAccessibleDescription("“Name” must not be empty.");
  await expect(page.getByRole("spinbutton", { name: "Age" })).toHaveAccessibleDescription(
    /“Age” must be at least 13\.$/,
  );
  await expect(page.getByText("“Picture” is not a web address.")).toBeVisible();
  await expect(page.getByText("“About” is too long.")).toBeVisible();
  await expect(page.getByText("“Language” is not a language tag")).toBeVisible();

  await name.fill("Ada");
  await expect(page.getByText("“Name” must not be empty.")).toBeHidden();
});

test("the age follows the birthday until another is given, and then the form says which one strangers see", async ({
  page,
}) => {
  await addDemoPersonas(page);
  await cards(page).first().click();
  await page.getByRole("link", { name: "Edit" }).click();
  const age = page.getByRole("spinbutton", { name: "Age" });
  const birthday = page.getByLabel("Birthday");
  const note = page.getByText(/^Strangers see \d+, the age that follows from the birthday\.$/);
  await expect(age).not.toHaveValue("");
  await birthday.fill("1950-01-01");
  const first = Number(await age.inputValue());
  expect(first).toBeGreaterThan(70);
  await birthday.fill("1960-01-01");
  await expect(age).toHaveValue(String(first - 10));
  await expect(note).toBeHidden();

  await age.fill("20");
  await expect(note).toHaveText(new RegExp(`see ${first - 10},`));
  await expect(age).toHaveAccessibleDescription(/Strangers see/);
  await birthday.fill("1970-01-01");
  await expect(age).toHaveValue("20");
  await expect(note).toHaveText(new RegExp(`see ${first - 20},`));
  await page.reload();
  await birthday.fill("1980-01-01");
  await expect(age).toHaveValue("20");

  await age.fill("");
  await birthday.fill("1990-01-01");
  await expect(age).toHaveValue(String(first - 40));
  await expect(note).toBeHidden();
});

test("a stored age that no longer is the birthday's is told of, and follows a change", async ({
  page,
}) => {
  const [persona] = makePersonas(1);
  if (!persona) throw new Error("one persona was asked for");
  persona.profile.identity.age = 13;
  persona.profile.identity.birthday = "1950-01-01";
  await page.goto("/import");
  await page.locator("input[type=file]").setInputFiles({
    name: "one.ndjson",
    mimeType: "application/octet-stream",
    buffer: Buffer.from(toNdjson([persona])),
  });
  await expect(page.getByRole("heading", { name: "Imported one.ndjson" })).toBeVisible();
  await page.goto(`/personas/${persona.profile_id}/edit`);
  const age = page.getByRole("spinbutton", { name: "Age" });
  await expect(age).toHaveValue("13");
  await expect(age).toHaveAccessibleDescription(/Strangers see \d\d,/);
  await page.getByLabel("Birthday").fill("1951-01-01");
  await expect(age).not.toHaveValue("13");
  await expect(age).not.toHaveAccessibleDescription(/Strangers see/);
});

test("personal data is pointed out while it is typed, and refused on this device", async ({
  page,
}) => {
  await page.goto("/personas/new");
  await fillForm(page, "Ada");
  const about = page.getByRole("textbox", { name: "About" });
  await about.fill("I like trains.");
  await expect(page.getByText("looks like")).toBeHidden();
  await about.fill("Write to ada@example.org");
  await expect(page.getByText("“ada@example.org” looks like an e-mail address.")).toBeVisible();
  await save(page);
  await expect(about).toBeFocused();
  await expect(about).toHaveAccessibleDescription(/refused on this device/);
  await about.fill("I like trains.");
  await save(page);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Ada");
});

test("a draft survives a reload, and can be given up", async ({ page }) => {
  await page.goto("/personas/new");
  const kept = page.getByText("Your draft is kept in this tab.");
  await expect(page.getByRole("button", { name: "Save", exact: true })).toBeVisible();
  await expect(kept).toBeHidden();
  await page.getByLabel("Name", { exact: true }).fill("Half a person");
  await choose(page, "Empathy", "5");
  await expect(kept).toBeVisible();
  await page.reload();
  await expect(kept).toBeVisible();
  await expect(page.getByText("This is your unsaved draft")).toBeVisible();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Half a person");
  await expect(page.getByRole("radio", { name: "5" }).nth(1)).toBeChecked();
  await page.getByRole("button", { name: "Start over" }).click();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("");
  await expect(kept).toBeHidden();
  await page.reload();
  await expect(page.getByText("This is your unsaved draft")).toBeHidden();
});

test("who changed the persona meanwhile is not overwritten unasked", async ({ context }) => {
  const [mine, theirs] = [await context.newPage(), await context.newPage()];
  await addDemoPersonas(mine);
  const url = await cards(mine).first().getAttribute("href");
  for (const page of [mine, theirs]) {
    await page.goto(`${url}/edit`);
    await expect(page.getByLabel("Name", { exact: true })).not.toHaveValue("");
  }
  await theirs.getByLabel("Name", { exact: true }).fill("Theirs");
  await save(theirs);
  await expect(theirs.getByRole("heading", { level: 1 })).toHaveText("Theirs");
  await mine.getByLabel("Name", { exact: true }).fill("Mine");
  await save(mine);
  await expect(mine.getByText("Somebody changed this persona meanwhile")).toBeVisible();
  await mine.getByRole("button", { name: "Save mine anyway" }).click();
  await expect(mine.getByRole("heading", { level: 1 })).toHaveText("Mine");
});

test("the preview shows nothing that was not said", async ({ page }) => {
  await page.goto("/personas/new");
  const preview = page.getByRole("complementary", { name: "What strangers see" });
  await expect(preview).toContainText("No name yet");
  await expect(preview).not.toContainText("years");
  await expect(preview).not.toContainText("Empathy");
  await expect(preview).not.toContainText("undefined");
  await choose(page, "Empathy", "5");
  await expect(preview).toContainText("Empathy");
});
