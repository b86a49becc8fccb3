import { toHex } from "@hi-stranger/core/codec/bytes";
import { beforeEach, expect, it, vi } from "vitest";
import { json } from "../support/api.ts";
import { openApp, openBrowser } from "../support/browser.ts";
import { emptyBucket, emptyPeople } from "../support/empty.ts";
import { env } from "../support/env.ts";

const canaries = ["canarymail", "Canaryname Quill", "77 Canarystreet", "tok_canarypay"];
const encoder = new TextEncoder();

/** A text as it could lie about: plain, in hex, in UTF-16, and in base64 at each of its three offsets. */
function formsOf(text: string): string[] {
  const utf16 = Uint8Array.from([...text].flatMap((unit) => [unit.charCodeAt(0), 0]));
  const base64 = [0, 1, 2].map((offset) => {
    const padded = btoa(" ".repeat(offset) + text);
    // The characters at both ends also stand for what is around.
    return padded.slice(offset === 0 ? 0 : 4, -4);
  });
  const wide = btoa(String.fromCharCode(...utf16)).slice(0, -4);
  return [text, toHex(encoder.encode(text)), toHex(utf16), wide, ...base64];
}

const needles = canaries.flatMap((canary) =>
  [canary, canary.toLowerCase()].flatMap(formsOf).map((form) => form.toLowerCase()),
);

function expectClean(text: string): void {
  const haystack = text.toLowerCase();
  expect(needles.filter((needle) => haystack.includes(needle))).toEqual([]);
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

it("what is searched for would be found", () => {
  for (const text of [
    canaries.join(),
    btoa(`x${canaries[1]}y`),
    toHex(encoder.encode(canaries[2])),
  ]) {
    expect(() => expectClean(text)).toThrow(/canary|[0-9a-f]{10}|deeply/i);
  }
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
  expect(failed.status).toBe(503);
  expectClean(await failed.text());
  vi.restoreAllMocks();

  expect(printed.length).toBeGreaterThan(0);
  expectClean(printed.join("\n"));
  const rows = await dump(env.PII_DB);
  expect(rows).toContain("hs1.");
  expect(rows).toContain("ml1.");
  expectClean(rows);
  expectClean(await dump(env.DB));
  const { objects } = await env.KEY_SHARES.list();
  expect(objects).toHaveLength(1);
  for (const { key } of objects) {
    const share = await env.KEY_SHARES.get(key);
    expectClean(key + toHex(new Uint8Array((await share?.arrayBuffer()) ?? [])));
  }
  const secrets = [...browser.cookies.values(), browser.session?.csrf_token ?? ""];
  for (const secret of secrets) expect(rows + printed.join("\n")).not.toContain(secret);
});
