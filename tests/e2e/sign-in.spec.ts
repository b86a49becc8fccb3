import { expect, test } from "./support/app.ts";

test.use({ expectedErrors: /status of 40[13]/ });

interface Mail {
  readonly to: string;
  readonly link: string;
  readonly token: string;
}

test("a page signs in by the mailbox's link, with cookies that it can't read and a reload doesn't lose", async ({
  page,
}) => {
  await page.goto("/dev/mailbox");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Mailbox");
  await page.goto("/");
  const email = "wren@example.org";
  const send = (path: string, body?: object, csrf = "") =>
    page.evaluate(
      async ([path, body, csrf]) => {
        const answer = await fetch(path, {
          method: "POST",
          headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        const text = await answer.text();
        return { status: answer.status, body: text === "" ? null : (JSON.parse(text) as object) };
      },
      [path, body, csrf] as const,
    );
  const sessionOf = () =>
    page.evaluate(async () => {
      const answer = await fetch("/api/auth/session");
      return { status: answer.status, body: (await answer.json()) as object };
    });

  expect((await send("/api/auth/magic-link", { email })).status).toBe(202);
  const mailbox = await page.request.get("/dev/mailbox", {
    headers: { Accept: "application/json" },
  });
  const mail = ((await mailbox.json()) as Mail[]).find(({ to }) => to === email);
  expect(new URL(mail?.link ?? "").origin).toBe(new URL(page.url()).origin);
  const consents = ["gdpr_terms", "privacy_policy"];
  const signedIn = await send("/api/auth/verify", { token: mail?.token, consents });
  expect(signedIn.status).toBe(200);
  const { csrf_token: csrf = "" } = signedIn.body as { csrf_token?: string };

  expect(await page.evaluate(() => document.cookie)).toBe("");
  const cookies = await page.context().cookies();
  const sessionCookies = cookies.filter(({ name }) => name.startsWith("__Host-hs_"));
  expect(sessionCookies).toHaveLength(3);
  for (const cookie of sessionCookies) {
    expect(cookie).toMatchObject({ secure: true, httpOnly: true, sameSite: "Lax", path: "/" });
  }

  await page.reload();
  const { status, body } = await sessionOf();
  expect(status).toBe(200);
  expect(body).toMatchObject({ csrf_token: csrf });
  expect((await send("/api/auth/refresh")).status).toBe(403);
  expect((await send("/api/auth/refresh", undefined, csrf)).status).toBe(200);
  expect((await send("/api/auth/logout", {})).status).toBe(403);
  expect((await send("/api/auth/logout", {}, csrf)).status).toBe(204);
  expect((await sessionOf()).status).toBe(401);
});
