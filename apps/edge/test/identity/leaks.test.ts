import { beforeEach, expect, it, vi } from "vitest";
import { json } from "../support/api.ts";
import { openApp, openBrowser } from "../support/browser.ts";
import { emptyBucket, emptyPeople } from "../support/empty.ts";
import { env } from "../support/env.ts";
import { bytesToHaystack, createFinder, formsOf } from "../support/planted.ts";

const canaries = ["canarymail", "Canaryname Quill", "77 Canarystreet", "tok_canarypay"];
const find = createFinder(canaries);

function expectClean(text: string): void {
  expect(find(text)).toEqual([]);
}

/** Every row of every table, as text. */
async function dump(db: D1Database): Promise<string> {
  const { results } = await db
    .prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
    )
    .all<{ name: string }>();
  const tables = await Promise.all(
    results.map(async ({ name }) => [
      name,
      (await db.prepare(`SELECT * FROM ${name}`).all()).results,
    ]),
  );
  return JSON.stringify(tables);
}

beforeEach(async () => {
  await emptyPeople(env.PII_DB);
  await emptyBucket(env.KEY_SHARES);
});

it.each(canaries.flatMap(formsOf))("what is searched for would be found: %j", (form) => {
  expect(find(`before ${form} after`)).toHaveLength(1);
});

it("a run of sign-ups, edits, refusals and failures leaves no personal data in a row, a share or a log", async () => {
  const printed: string[] = [];
  for (const method of ["log", "error", "warn", "info", "debug"] as const) {
    vi.spyOn(console, method).mockImplementation((...values: unknown[]) => {
      printed.push(values.map(String).join(" "));
    });
  }
  const [mail, name, address, paymentRef] = canaries;
  const email = `${mail}@example.org`;
  const app = openApp();
  const browser = openBrowser(app);
  await browser.signIn(email);
  const path = "/api/me/personal-data";
  const given = {
    name,
    address,
    payment_ref: paymentRef,
    country: "PT",
    timezone: "Europe/Lisbon",
  };
  expect((await browser.send("PUT", path, given)).status).toBe(200);
  await browser.askLink(email);
  const refusals = [
    await browser.send("PUT", path, { name: [name] }),
    await browser.send("PUT", path, { [email]: address }),
    await browser.send("POST", "/api/auth/magic-link", { email: `${mail}@@` }),
    await browser.send("POST", "/api/auth/verify", { token: mail }),
  ];
  for (const refusal of refusals) {
    expect(refusal.status).toBeGreaterThanOrEqual(400);
    expectClean(JSON.stringify(await json(refusal)));
  }

  const production = { HS_ENV: "production", MAIL_FROM: "hi@hi.example" } as const;
  const failing = {
    async send() {
      throw new Error(`550 ${email} is unknown`);
    },
  };
  const inProduction = openBrowser(openApp({ ...production, SEND_EMAIL: failing }));
  const failed = await inProduction.send("POST", "/api/auth/magic-link", { email });
  // Mails go out behind the answer, which is the same whether they can or not.
  expect(failed.status).toBe(202);
  expectClean(await failed.text());
  await vi.waitFor(() => expect(printed.join()).toContain("mail_unsent"));
  vi.restoreAllMocks();

  expect(printed.length).toBeGreaterThan(0);
  expectClean(printed.join("\n"));
  const rows = await dump(env.PII_DB);
  expect(rows).toContain("hs2.");
  expect(rows).toContain("ml1.");
  expectClean(rows);
  expectClean(await dump(env.DB));
  const { objects } = await env.KEY_SHARES.list();
  expect(objects).toHaveLength(1);
  for (const { key } of objects) {
    const share = await env.KEY_SHARES.get(key);
    expectClean(key + bytesToHaystack(new Uint8Array((await share?.arrayBuffer()) ?? [])));
  }
  const secrets = [...browser.cookies.values(), browser.session?.csrf_token ?? ""];
  for (const secret of secrets) expect(rows + printed.join("\n")).not.toContain(secret);
});
