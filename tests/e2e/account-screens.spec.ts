import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./support/app.ts";
import { askLink, consent, expectAccount, makeAddress } from "./support/people.ts";

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

test.use({ expectedErrors: /status of 4(?:01|09|10|22)/ });

/** The other screens' tests cross the two; of axe's rules none depends on both. */
const settings = [
  { colorScheme: "light", dir: "ltr", otherDir: "rtl" },
  { colorScheme: "dark", dir: "rtl", otherDir: "ltr" },
] as const;

for (const { colorScheme, dir, otherDir } of settings) {
  test(`of signing in and the account axe finds nothing, and at 320 px nothing scrolls sideways, ${colorScheme} and ${dir}`, async ({
    page,
  }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await walk(page, async (place) => {
      const overflow = await page.evaluate(
        (values) => {
          const { documentElement: root } = document;
          return values.map((value) => {
            root.dir = value;
            return root.scrollWidth - root.clientWidth;
          });
        },
        [otherDir, dir],
      );
      // Hundreds of countries and time zones would take a minute and hold nothing but text. There are no
      // frames, so that the legacy mode, which takes no second page, sees the same.
      const axe = new AxeBuilder({ page }).withTags(tags).exclude("option").setLegacyMode(true);
      const { violations } = await axe.analyze();
      const found = violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id} ${html} ${failureSummary}`),
      );
      expect({ place, overflow, found }).toEqual({ place, overflow: [0, 0], found: [] });
    });
  });
}

/** Every state of these screens, each once. */
async function walk(page: Page, check: (place: string) => Promise<void>): Promise<void> {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByText("Type your e-mail address first.")).toBeVisible();
  await check("address missing");
  const link = await askLink(page, makeAddress("a.rather.long.address.for.one.that.is.so.narrow"));
  await check("mail sent");
  await page.context().clearCookies();
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "in this browser?" })).toBeVisible();
  await check("confirmation");
  await page.getByRole("button", { name: "Yes, sign me in" }).click();
  await page.getByRole("button", { name: "Agree and make the account" }).click();
  await expect(page.getByText("An account needs both.")).toBeVisible();
  await check("consents missing");
  await consent(page);
  await expectAccount(page);
  await expect(page.getByText("This browser")).toBeVisible();
  await page.getByLabel("Payment reference").fill("no reference");
  await page.getByLabel("Payment reference").blur();
  await page.getByLabel("Country").selectOption("PT");
  await expect(page.getByText("“Country” is saved.")).toBeVisible();
  await check("account");
  await page.getByRole("button", { name: "Your account" }).click();
  await expect(page.getByText("You are signed in.", { exact: true }).first()).toBeVisible();
  await check("account menu");
  await page.keyboard.press("Escape");
  await page.goto("/connect");
  await page.getByRole("button", { name: "Use a service token" }).click();
  await expect(page.getByLabel("Service token", { exact: true })).toBeVisible();
  await check("LIVE by an account");
  await page.goto("/import");
  await expect(page.getByText("With an account you write personas one by one.")).toBeVisible();
  await check("import by an account");
  await page.goto("/privacy");
  await expect(page.getByRole("heading", { name: "Your rights" })).toBeVisible();
  await check("privacy policy");
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "doesn’t work any more" })).toBeVisible();
  await check("used link");
  await page.goto("/account");
  await page.getByRole("button", { name: "Log out", exact: true }).click();
  await page.goto("/account");
  await expect(page.getByRole("heading", { name: "You are not signed in" })).toBeVisible();
  await check("account of nobody");
  await page.goto("/personas");
  await expect(page.getByText("Sign in again to go on in LIVE")).toBeVisible();
  await check("LIVE of nobody");
}
