/** People who sign in through the screens, by the mailbox of the local server. */
import { randomInt } from "node:crypto";
import type { Page } from "@playwright/test";
import { expect } from "./app.ts";

interface Mail {
  readonly to: string;
  readonly link: string;
}

/** An address that no other test has. */
export function makeAddress(name: string): string {
  return `${name}.${randomInt(2 ** 40).toString(36)}@example.org`;
}

/** The newest link that was sent to `email`, once there is one other than `before`. */
export async function findLink(page: Page, email: string, before = ""): Promise<string> {
  let link = "";
  await expect(async () => {
    const headers = { Accept: "application/json" };
    const answer = await page.request.get("/dev/mailbox", { headers });
    const mails = (await answer.json()) as Mail[];
    link = mails.find(({ to }) => to === email)?.link ?? "";
    expect([link === "", link === before]).toEqual([false, false]);
  }).toPass();
  return link;
}

/** Asks for a link by the screen. */
export async function askLink(page: Page, email: string): Promise<string> {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByRole("heading", { name: "Check your mail" })).toBeVisible();
  return findLink(page, email);
}

/** Agrees to both texts. */
export async function consent(page: Page): Promise<void> {
  await page.getByRole("checkbox", { name: /terms of use/ }).check();
  await page.getByRole("checkbox", { name: /privacy policy/ }).check();
  await page.getByRole("button", { name: "Agree and make the account" }).click();
}

/** Signs up by the screens, and ends on the account's page. */
export async function signUp(page: Page, email: string): Promise<void> {
  await page.goto(await askLink(page, email));
  await consent(page);
  await expectAccount(page);
}

export async function expectAccount(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { name: "Your account", level: 1 })).toBeVisible();
  await expect(page.getByLabel("Your name")).toBeVisible();
}
