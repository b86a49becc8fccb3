import type { Page } from "@playwright/test";
import { expect, test } from "./support/app.ts";
import {
  askLink,
  consent,
  expectAccount,
  findLink,
  makeAddress,
  signUp,
} from "./support/people.ts";

// A link that is refused, a session that is over.
test.use({
  expectedErrors:
    /status of 4(?:01|09|10|22|29)|ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch/,
});

const newName = "Wren Árvore-Smith";

test("each field of personal data is saved by itself, survives a reload, and can be taken back", async ({
  page,
}) => {
  await signUp(page, makeAddress("edit"));
  const name = page.getByLabel("Your name");
  await name.fill(newName);
  await name.press("Tab");
  await expect(page.getByText("“Your name” is saved.")).toBeVisible();
  await page.getByLabel("Postal address").fill("Rua do Teste 1\n1000-001 Lisboa");
  await page.getByLabel("Postal address").blur();
  await page.getByLabel("Country").selectOption({ label: "Portugal" });
  await page.getByLabel("Time zone").selectOption("Europe/Lisbon");
  const reference = page.getByLabel("Payment reference");
  await reference.fill("4111 1111 1111 1111");
  await reference.press("Enter");
  await expect(page.getByText("“Payment reference” is not written as it should be.")).toBeVisible();
  await reference.fill("cus_Wren1");
  await reference.press("Enter");
  await expect(page.getByText("Saved", { exact: true })).toHaveCount(5);

  await page.reload();
  await expect(name).toHaveValue(newName);
  await expect(page.getByLabel("Postal address")).toHaveValue("Rua do Teste 1\n1000-001 Lisboa");
  await expect(page.getByLabel("Country")).toHaveValue("PT");
  await expect(page.getByLabel("Time zone")).toHaveValue("Europe/Lisbon");
  await expect(reference).toHaveValue("cus_Wren1");

  await name.fill("Somebody Else");
  await name.press("Enter");
  await expect(page.getByText("“Your name” is saved.")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(name).toHaveValue(newName);

  // Without a network nothing is lost, and it is saved when it can be.
  await page.context().setOffline(true);
  await expect(page.getByText("LIVE data can’t be loaded or saved")).toBeVisible();
  await name.fill("Offline Wren");
  await name.press("Enter");
  await expect(page.getByText("Not saved: You are offline.")).toBeVisible();
  await page.context().setOffline(false);
  await expect(page.locator(".banner")).toBeHidden();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("“Your name” is saved.").last()).toBeVisible();
  await page.reload();
  await expect(name).toHaveValue("Offline Wren");
});

test("a session is ended from another browser, and all of them at once, in every tab", async ({
  page,
  browser,
}) => {
  const email = makeAddress("lark");
  const first = await askLink(page, email);
  await page.goto(first);
  await consent(page);
  await expectAccount(page);
  const other = await browser.newContext({
    userAgent: "Mozilla/5.0 (Windows NT 10.0; rv:150.0) Gecko/20100101 Firefox/150.0",
  });
  const there = await other.newPage();
  await there.goto(await askLink(there, email));
  await expectAccount(there);
  await expect(there.getByText("Firefox on Windows")).toBeVisible();

  await page.reload();
  await page.getByRole("button", { name: "Log out: Firefox on Windows" }).click();
  await expect(page.getByText("Firefox on Windows", { exact: true })).toBeHidden();
  await expect(page.getByRole("heading", { name: "Where you are signed in" })).toBeFocused();
  // What that browser has still lets it in for a while; once that is gone, so is it.
  await other.clearCookies({ name: "__Host-hs_session" });
  await there.reload();
  await expect(there.getByRole("heading", { name: "You are not signed in" })).toBeVisible();
  await other.close();

  const beside = await page.context().newPage();
  await beside.goto("/personas/new");
  await expect(beside.getByRole("button", { name: "Your account" })).toBeVisible();
  await beside.getByLabel("Name", { exact: true }).fill("Unfinished");
  const drafts = () => beside.evaluate(() => JSON.stringify({ ...sessionStorage }));
  expect(await drafts()).toContain("Unfinished");
  await page.getByRole("button", { name: "Log out everywhere" }).click();
  await expect(page.getByText("You are logged out everywhere.")).toBeVisible();
  await expect(beside.getByText("You are not signed in")).toBeVisible();
  expect(await drafts()).not.toContain("Unfinished");
  await expect(beside.getByRole("button", { name: "Your account" })).toBeHidden();
  await page.goto("/account");
  await expect(page.getByRole("heading", { name: "You are not signed in" })).toBeVisible();
});

test("whoever is signed in writes personas of their own, and sees others as strangers do", async ({
  page,
  browser,
}) => {
  await signUp(page, makeAddress("author"));
  await page.getByRole("link", { name: "New persona" }).click();
  await fillPersona(page, "Saltmarsh");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const heading = page.getByRole("heading", { level: 1 });
  await expect(heading).toHaveText("Saltmarsh");
  await expect(page).toHaveURL(/\/personas\/usr_[0-9a-z]{26}$/);
  const url = page.url();
  await page.getByRole("link", { name: "Edit" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Saltmarsh II");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(heading).toHaveText("Saltmarsh II");
  await page.goto("/account");
  await expect(page.getByRole("link", { name: "Saltmarsh II", exact: true })).toBeVisible();

  const other = await browser.newContext();
  const reader = await other.newPage();
  await signUp(reader, makeAddress("reader"));
  await reader.goto(url);
  await expect(reader.getByRole("heading", { level: 1 })).toHaveText("Saltmarsh II");
  await expect(reader.getByText("the persona is somebody else’s")).toBeVisible();
  await expect(reader.getByRole("link", { name: "Edit" })).toBeHidden();
  await expect(reader.getByRole("button", { name: "Delete" })).toBeHidden();
  await reader.goto(`${url}/edit`);
  await expect(reader.getByText("the persona is somebody else’s")).toBeVisible();
  await other.close();

  await page.getByRole("link", { name: "Saltmarsh II", exact: true }).click();
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("Saltmarsh II is deleted.").first()).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("Saltmarsh II is back.")).toBeVisible();
});

async function fillPersona(page: Page, name: string): Promise<void> {
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Birthday").fill("1990-04-01");
  const groups = page.locator("fieldset[aria-required=true], fieldset.choices");
  for (const group of await groups.all()) {
    if (await group.locator(":checked").count()) continue;
    // The last one of a group is never "not said".
    await group.locator("label").last().click();
  }
  await page.getByRole("textbox", { name: "Interests" }).fill("tides");
}

test("signing up, editing, undoing and logging out take the keyboard alone", async ({ page }) => {
  const email = makeAddress("keys");
  const heading = page.getByRole("heading", { level: 1 });
  await page.goto("/");
  await expect(heading).toBeVisible();
  await page.getByRole("link", { name: "Sign in" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("E-mail address")).toBeFocused();
  await page.keyboard.type(email);
  await page.keyboard.press("Enter");
  await expect(heading).toHaveText("Check your mail");
  await expect(heading).toBeFocused();
  await expect(page).toHaveTitle("Check your mail · Hi Stranger");

  // As a mail program opens it, in this very tab; the consents come in the order they are read in.
  const link = await findLink(page, email);
  await page.goto(link);
  await expect(heading).toHaveText("Welcome. Do you agree?");
  await heading.focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Read the terms of use" })).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await page.keyboard.press("Enter");
  await expect(heading).toHaveText("Your account");
  await expect(heading).toBeFocused();

  await expect(page.getByLabel("Your name")).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("Your name")).toBeFocused();
  await page.keyboard.type("Wren");
  await page.keyboard.press("Enter");
  await expect(page.getByText("“Your name” is saved.")).toBeVisible();
  await heading.focus();
  await page.keyboard.press("Control+z");
  await expect(page.getByLabel("Your name")).toHaveValue("");

  const menu = page.getByRole("button", { name: "Your account" });
  await menu.focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await expect(menu).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByText("You are logged out.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Sign in" }).first()).toBeVisible();
});

test("neither a link, a cookie nor an address is kept where scripts read it, and nothing of a session after it", async ({
  page,
}) => {
  const email = makeAddress("trace");
  const link = await askLink(page, email);
  const token = new URL(link).hash.slice("#token=".length);
  await page.goto(link);
  await consent(page);
  await expectAccount(page);
  await page.getByLabel("Your name").fill(newName);
  await page.getByLabel("Your name").press("Enter");
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  const kept = await page.evaluate(async () => {
    const stored = await Promise.all(
      (await caches.keys()).map(async (name) => (await caches.open(name)).keys()),
    );
    return JSON.stringify([
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      history.state,
      navigation.entries().map(({ url }) => url),
      stored.flat().map(({ url }) => url),
      await indexedDB.databases(),
    ]);
  });
  expect(kept).toContain("/sign-in");
  const cookies = (await page.context().cookies()).map(({ value }) => value);
  expect(cookies).toHaveLength(3);
  for (const secret of [token, "#token", email, newName, "psn_", "/api/", ...cookies]) {
    expect(kept).not.toContain(secret);
  }
  await page.getByRole("button", { name: "Your account" }).click();
  await page.getByRole("group").getByRole("button", { name: "Log out" }).click();
  await expect(page.getByText("You are logged out.")).toBeVisible();
  expect(await page.evaluate(() => Object.keys(localStorage))).toEqual(["hs.ui"]);
});

test("what one person can take back, or was writing, is not for the next who signs in", async ({
  page,
}) => {
  await page.goto(await askLink(page, makeAddress("first")));
  await consent(page);
  await expectAccount(page);
  const name = page.getByLabel("Your name");
  for (const text of ["Secret First", newName]) {
    await name.fill(text);
    await name.press("Enter");
    await expect(page.getByText("“Your name” is saved.").last()).toBeVisible();
  }
  const undo = page.getByRole("button", { name: "Undo" });
  await expect(undo.first()).toBeVisible();
  const other = await page.context().newPage();
  await signUpBeside(other, makeAddress("second"));
  await expect(undo).toHaveCount(0);
  await expect(name).toHaveValue("");

  await page.goto("/personas/new");
  const alias = page.getByLabel("Name", { exact: true });
  await alias.fill("Draft of the second");
  await signUpBeside(other, makeAddress("third"));
  await expect(alias).toHaveValue("");
  await page.reload();
  await expect(alias).toHaveValue("");
});

/** Signs somebody up in a browser where somebody else is signed in, whom the sign-in screen would send on. */
async function signUpBeside(page: Page, email: string): Promise<void> {
  await page.goto("/");
  await page.evaluate(async (address) => {
    const headers = { "Content-Type": "application/json" };
    const body = JSON.stringify({ email: address });
    await fetch("/api/auth/magic-link", { method: "POST", headers, body });
  }, email);
  await page.goto(await findLink(page, email));
  await consent(page);
  await expectAccount(page);
}
