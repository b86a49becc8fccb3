import { expect, test, waitForWorker } from "./support/app.ts";
import { askLink, consent, expectAccount, findLink, makeAddress } from "./support/people.ts";

// A link that is refused, nobody who is signed in, no network.
test.use({
  expectedErrors:
    /status of 4(?:01|09|10|22|29)|ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch/,
});

test("somebody signs up by a mailed link and both consents, and is in again by another link", async ({
  page,
}) => {
  const email = makeAddress("wren");
  const first = await askLink(page, email);
  await page.goto(first);
  await expect(page.getByRole("heading", { name: "Do you agree?" })).toBeVisible();
  // The token is gone from the address before anything is shown.
  expect(new URL(page.url()).hash).toBe("");
  await expect(page.getByText("in the version of November 2026")).toBeVisible();

  // One consent isn't enough, and what is missing has the focus.
  await page.getByRole("checkbox", { name: /terms of use/ }).check();
  await page.getByRole("button", { name: "Agree and make the account" }).click();
  await expect(page.getByText("An account needs both.")).toBeVisible();
  await expect(page.getByRole("checkbox", { name: /privacy policy/ })).toBeFocused();
  const [text] = await Promise.all([
    page.waitForEvent("popup"),
    page.getByRole("link", { name: "Read the privacy policy" }).click(),
  ]);
  await expect(text.getByRole("heading", { name: "Who sees it" })).toBeVisible();
  await text.close();
  await consent(page);
  await expectAccount(page);
  await expect(page.getByText(email)).toBeVisible();
  await expect(page.getByText("encrypted with a key of your own")).toBeVisible();

  await page.reload();
  await expectAccount(page);
  await page.getByRole("button", { name: "Your account" }).click();
  await page.getByRole("group").getByRole("button", { name: "Log out" }).click();
  await expect(page.getByRole("link", { name: "Sign in" }).first()).toBeVisible();

  // The link that was used says so, and leads to a new one.
  await page.goto(first);
  await expect(page.getByRole("heading", { name: "doesn’t work any more" })).toBeVisible();
  await page.getByRole("button", { name: "Ask for a new link" }).click();
  await expect(page.getByLabel("E-mail address")).toBeFocused();
  await page.getByLabel("E-mail address").fill(email);
  await page.keyboard.press("Enter");
  await page.goto(await findLink(page, email, first));
  await expectAccount(page);
});

test("a link that has expired, or was cut, is told with a way out", async ({ page }) => {
  for (const token of ["A".repeat(43), "%20"]) {
    await page.goto(`/sign-in#token=${token}`);
    await expect(page.getByRole("heading", { name: "doesn’t work any more" })).toBeVisible();
    expect(new URL(page.url()).hash).toBe("");
    await page.getByRole("button", { name: "Ask for a new link" }).click();
    await expect(page.getByLabel("E-mail address")).toBeVisible();
  }
});

test("another browser is asked before it is let in, and the one that waits goes on with its own", async ({
  page,
  browser,
}) => {
  const email = makeAddress("finch");
  const link = await askLink(page, email);
  const other = await browser.newContext();
  const elsewhere = await other.newPage();
  await elsewhere.goto(link);
  await expect(elsewhere.getByRole("heading", { name: "in this browser?" })).toBeVisible();
  await elsewhere.getByRole("button", { name: "Yes, sign me in" }).click();
  await consent(elsewhere);
  await expectAccount(elsewhere);
  await other.close();

  // In the tab that asked nobody is signed in; by a link opened beside it, it goes on by itself.
  await expect(page.getByRole("heading", { name: "Check your mail" })).toBeVisible();
  await page.clock.install();
  await page.goto("/sign-in?next=%2Fpersonas");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByRole("button", { name: "Send the link" }).click();
  const again = page.getByRole("button", { name: "Send it again" });
  await expect(again).toHaveAttribute("aria-disabled", "true");
  await page.clock.fastForward(31_000);
  await expect(again).toHaveAttribute("aria-disabled", "false");
  const sent = await findLink(page, email, link);
  await again.click();
  const resent = await findLink(page, email, sent);
  const beside = await page.context().newPage();
  await beside.goto(resent);
  await expectAccount(beside);
  await expect(page).toHaveURL(/\/personas$/);
  await expect(page.getByRole("heading", { name: "Personas", level: 1 })).toBeVisible();
});

test("without a network the screen still opens, and says what is missing", async ({
  page,
  context,
}) => {
  await page.goto("/");
  await waitForWorker(page);
  await context.setOffline(true);
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill("wren@example.org");
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.locator(".note-problem")).toContainText("You are offline");
  await context.setOffline(false);
  await expect(page.getByText("You are offline. Everything")).toBeHidden();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { name: "Check your mail" })).toBeVisible();
});

test("a prototype server says that it has no accounts", async ({ page, environment }) => {
  await page.goto(`${environment.prototypeUrl}/sign-in`);
  await expect(page.getByRole("heading", { name: "No accounts here" })).toBeVisible();
  await expect(page.getByLabel("E-mail address")).toBeHidden();
});

test("who asks too often sees when to try again", async ({ page }) => {
  await page.clock.install();
  // What the server answers by its own limits, which no test should have to use up.
  await page.route("**/api/auth/magic-link", (route) =>
    route.fulfill({
      status: 429,
      headers: { "Retry-After": "45" },
      contentType: "application/problem+json",
      body: JSON.stringify({ code: "rate_limited", status: 429 }),
    }),
  );
  await page.goto("/sign-in");
  const send = page.getByRole("button", { name: "Send the link" });
  await page.getByLabel("E-mail address").fill("not an address");
  await send.click();
  await expect(page.getByText("That is not an e-mail address.")).toBeVisible();
  await page.getByLabel("E-mail address").fill(makeAddress("often"));
  await send.click();
  await expect(page.getByText("That was too often. Try again in 45 seconds.")).toBeVisible();
  await expect(send).toHaveAttribute("aria-disabled", "true");
  await page.clock.fastForward(46_000);
  await expect(send).toHaveAttribute("aria-disabled", "false");
  await page.unroute("**/api/auth/magic-link");
  await send.click();
  await expect(page.getByRole("heading", { name: "Check your mail" })).toBeVisible();
});
