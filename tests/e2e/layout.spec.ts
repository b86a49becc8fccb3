import type { Locator, Page } from "@playwright/test";
import { addDemoPersonas, expect, test } from "./support/app.ts";

const languages = ["English", "Deutsch", "Español", "Português"];
const paths = [
  "/",
  "/personas",
  "/personas/new",
  "/import",
  "/connect",
  "/sign-in",
  "/account",
  "/privacy",
  "/terms",
  "/nowhere",
];

test.use({ expectedErrors: /status of 404/ });

test("at 320 px nothing scrolls sideways, on any screen, in any language, either way round", async ({
  page,
}) => {
  test.setTimeout(120_000);
  await page.setViewportSize({ width: 320, height: 640 });
  await addDemoPersonas(page);
  const persona = (await page.locator(".card-name a").first().getAttribute("href")) ?? "";
  for (const language of languages) {
    await page.goto("/");
    await page.locator("[popovertarget=display-menu]").click();
    await page.locator("#display-menu select").selectOption({ label: language });
    await expect(page.locator("#display-menu option:checked")).toHaveText(language);
    for (const path of [...paths, persona, `${persona}/edit`]) {
      await page.goto(path);
      await expect(page.locator("h1")).toBeVisible();
      for (const dir of ["ltr", "rtl"]) {
        const overflow = await page.evaluate((value) => {
          document.documentElement.dir = value;
          const { scrollWidth, clientWidth } = document.documentElement;
          return scrollWidth - clientWidth;
        }, dir);
        expect({ path, language, dir, overflow }).toEqual({ path, language, dir, overflow: 0 });
      }
    }
  }
});

test("at 320 px messages and menus are on the screen, in any language, either way round", async ({
  page,
}) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await addDemoPersonas(page);
  for (const language of languages) {
    await page.goto("/personas");
    const menu = page.locator("#display-menu");
    await page.locator("[popovertarget=display-menu]").click();
    await menu.locator("select").selectOption({ label: language });
    await expect(menu.locator("option:checked")).toHaveText(language);
    for (const dir of ["ltr", "rtl"]) {
      await turn(page, dir);
      await expectOnScreen(menu, `menu, ${language}, ${dir}`);
    }
    await page.keyboard.press("Escape");
    await turn(page, "ltr");
    await page.locator(".card-name a").first().click();
    await page.locator(".button-risky").click();
    for (const dir of ["ltr", "rtl"]) {
      await turn(page, dir);
      await expectOnScreen(page.locator(".toast"), `message, ${language}, ${dir}`);
      for (const button of await page.locator(".toast button").all()) {
        await expectOnScreen(button, `button of a message, ${language}, ${dir}`);
      }
    }
    await turn(page, "ltr");
    await page.locator(".toast button").last().click();
  }
});

function turn(page: Page, dir: string): Promise<void> {
  return page.evaluate((value) => {
    document.documentElement.dir = value;
  }, dir);
}

/** Whether `element`, and all that it holds, is within the viewport. */
async function expectOnScreen(element: Locator, what: string): Promise<void> {
  await expect(element, what).toBeVisible();
  const outside = await element.evaluate((root) => {
    const { clientWidth, clientHeight } = document.documentElement;
    return [root, ...root.querySelectorAll("*")].flatMap((part) => {
      const { left, top, right, bottom } = part.getBoundingClientRect();
      const isOff = left < 0 || top < 0 || right > clientWidth || bottom > clientHeight;
      return isOff ? [`${part.outerHTML.slice(0, 80)}: ${left}–${right}, ${top}–${bottom}`] : [];
    });
  });
  expect({ what, outside }).toEqual({ what, outside: [] });
}

test("at 320 px the header takes two rows, and no name breaks inside its number", async ({
  page,
}) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await addDemoPersonas(page);
  for (const language of languages) {
    await page.locator("[popovertarget=display-menu]").click();
    await page.locator("#display-menu select").selectOption({ label: language });
    await expect(page.locator("#display-menu option:checked")).toHaveText(language);
    await page.keyboard.press("Escape");
    const rows = await page
      .locator(".brand, .nav a, .bar-end > *:not([popover])")
      .evaluateAll((items) => {
        const middles = items.map((item) => {
          const { top, bottom } = item.getBoundingClientRect();
          return Math.round((top + bottom) / 2);
        });
        return new Set(middles).size;
      });
    expect({ language, rows }).toEqual({ language, rows: 2 });
  }
  const numbers = page.locator(".card-name span");
  expect(await numbers.count()).toBeGreaterThan(3);
  const lineCounts = await numbers.evaluateAll((spans) =>
    spans.map((span) => {
      const range = document.createRange();
      range.selectNodeContents(span.lastChild ?? span);
      return range.getClientRects().length;
    }),
  );
  expect(Math.max(...lineCounts)).toBe(1);
});

test("everything that can be pressed is at least 44 px high, and wide enough", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await addDemoPersonas(page);
  const persona = (await page.locator(".card-name a").first().getAttribute("href")) ?? "";
  for (const path of [...paths, persona, `${persona}/edit`]) {
    await page.goto(path);
    await expect(page.locator("h1")).toBeVisible();
    await page.evaluate(() => {
      for (const details of document.querySelectorAll("details")) details.open = true;
    });
    const small = await page.evaluate(() => {
      const selector =
        "a[href], button, summary, select, input:not([type=file]), textarea, label.button";
      const isShown = (element: Element) =>
        element.checkVisibility() && !element.closest(".skip-link, p:not(.actions, .more)");
      return [...document.querySelectorAll(selector)].filter(isShown).flatMap((element) => {
        // A card's link is as large as the card; a checkbox is pressed by its label.
        const target = element.closest(".card, label") ?? element;
        const { width, height } = target.getBoundingClientRect();
        return width >= 44 && height >= 44 ? [] : [`${element.outerHTML} ${width} x ${height}`];
      });
    });
    expect(small).toEqual([]);
  }
});

test("with colours forced by the system, what is chosen can still be seen", async ({ page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await page.goto("/personas/new");
  const score = page.getByRole("radiogroup", { name: "Empathy" });
  await score.getByRole("radio", { name: "4" }).check();
  const background = (text: string) =>
    score
      .locator("label", { hasText: text })
      .evaluate((label) => getComputedStyle(label).backgroundColor);
  expect(await background("4")).not.toBe(await background("2"));
});

test("who asks for less motion gets none", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await addDemoPersonas(page);
  const durations = await page.evaluate(() =>
    [...document.querySelectorAll("*")].flatMap((element) => {
      const { animationDuration, transitionDuration } = getComputedStyle(element);
      return `${animationDuration}, ${transitionDuration}`.split(", ").map(parseFloat);
    }),
  );
  expect(Math.max(...durations)).toBeLessThan(0.001);
});
