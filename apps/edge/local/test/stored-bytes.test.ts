import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type BrowserFetch,
  createBrowserFetch,
} from "../../../../packages/sdk/test/support/browser-fetch.ts";
import { personas } from "../../test/support/personas.ts";
import { createFinder } from "../../test/support/planted.ts";

const serve = fileURLToPath(new URL("support/serve.ts", import.meta.url));
const consents = ["gdpr_terms", "privacy_policy"];

/** What three people tell about themselves. */
const people = [
  {
    email: "quillfeather.one@canarymail.example",
    name: "Quillfeather Grünbühl",
    address: "77 Canarystreet, Wrenhaven",
    payment_ref: "tok_canarypayment_1",
  },
  {
    email: "Larkspur.Two@canarymail.example",
    name: "Larkspur Ōkubo",
    address: "12 Nightingale Wharf",
    payment_ref: "tok_canarypayment_2",
  },
  {
    email: "finchley.three@münzenberg.example",
    name: "Finchley Дроздов",
    address: "Rua dos Rouxinóis 5",
    payment_ref: "tok_canarypayment_3",
  },
] as const;
const renamed = "Starlingworth Grünbühl";
const mistaken = "wagtailmistake@@canarymail.example";
/** The personas are nobody's secret: they show that what is stored is what is looked at. */
const personaName = "Kingfisher of the stored bytes";

const find = createFinder([
  ...people.flatMap(({ email, ...fields }) => [
    email,
    ...email.split("@"),
    ...Object.values(fields),
  ]),
  "xn--mnzenberg-q9a.example",
  renamed,
  "wagtailmistake",
]);

let folder: string;
let server: ChildProcess;
let url: string;
const printed: Buffer[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hi-stranger-bytes-"));
  server = spawn(process.execPath, [serve, folder], { stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [server.stdout, server.stderr]) {
    stream?.on("data", (chunk: Buffer) => printed.push(chunk));
  }
  while (!/^http:\S+\n/m.test(output())) {
    const [chunk] = await Promise.race([
      once(server.stdout ?? server, "data"),
      once(server, "exit"),
    ]);
    if (!(chunk instanceof Buffer)) throw new Error(`the server ended: ${output()}`);
  }
  url = /^http:\S+/m.exec(output())?.[0] ?? "";
});

afterAll(async () => {
  server.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

const output = () => Buffer.concat(printed).toString("latin1");

function send(browser: BrowserFetch, method: string, path: string, body?: unknown, csrf = "") {
  return browser.fetch(`${url}${path}`, {
    method,
    headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function askLink(browser: BrowserFetch, email: string): Promise<string> {
  expect((await send(browser, "POST", "/api/auth/magic-link", { email })).status).toBe(202);
  const answer = await fetch(`${url}/dev/mailbox`, { headers: { Accept: "application/json" } });
  const [newest] = (await answer.json()) as { token: string }[];
  return newest?.token ?? "";
}

async function signIn(email: string): Promise<{ browser: BrowserFetch; csrf: string }> {
  const browser = createBrowserFetch(url);
  const token = await askLink(browser, email);
  const answer = await send(browser, "POST", "/api/auth/verify", { token, consents });
  expect(answer.status).toBe(200);
  const session = (await answer.json()) as { csrf_token: string };
  return { browser, csrf: session.csrf_token };
}

function persona(): object {
  const [made] = personas(1, 7);
  if (!made) throw new Error("no persona was generated");
  const { profile_id: _id, created_at: _at, profile, ...rest } = made;
  return {
    ...rest,
    profile: { ...profile, identity: { ...profile.identity, user_name: personaName } },
  };
}

/** Every file below the state, with what of the planted texts is in it. */
async function scan(find: (haystack: string) => string[]): Promise<Record<string, string[]>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: Record<string, string[]> = {};
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path);
    const texts = find(`${name}\n${await readFile(path, "latin1")}`);
    if (texts.length > 0) found[name] = texts;
  }
  return found;
}

test("no byte that a server stores or prints tells who signed up and what they edited", async () => {
  for (const { email, ...fields } of people) {
    const { browser, csrf } = await signIn(email);
    const path = "/api/me/personal-data";
    const given = { ...fields, country: "PT", timezone: "Europe/Lisbon" };
    expect((await send(browser, "PUT", path, given, csrf)).status).toBe(200);
    for (const wrong of [{ name: [fields.name] }, { [email]: fields.address }]) {
      const refused = await send(browser, "PUT", path, wrong, csrf);
      expect(refused.status).toBe(400);
      expect(find(await refused.text())).toEqual([]);
    }
    expect((await browser.fetch(`${url}${path}`)).status).toBe(200);
    expect((await send(browser, "POST", "/api/me/profiles", persona(), csrf)).status).toBe(201);
    expect((await send(browser, "POST", "/api/auth/logout", {}, csrf)).status).toBe(204);
  }
  const [first] = people;
  const { browser, csrf } = await signIn(first.email);
  const edit = await send(browser, "PUT", "/api/me/personal-data", { name: renamed }, csrf);
  expect(edit.status).toBe(200);
  const refused = await send(browser, "POST", "/api/auth/magic-link", { email: mistaken });
  expect(refused.status).toBe(400);
  expect(find(await refused.text())).toEqual([]);
  expect(
    await fetch(`${url}/api/${encodeURIComponent(first.email)}?email=${first.email}`),
  ).toHaveProperty("status", 404);

  server.kill("SIGTERM");
  await once(server, "exit");
  expect(find(output())).toEqual([]);
  expect(await scan(find)).toEqual({});
  const kept = [personaName, "hs2.dek_", "hw1.", "Gatekeeper", "session.begun"];
  const found = await scan((haystack) => kept.filter((text) => haystack.includes(text)));
  expect(new Set(Object.values(found).flat())).toEqual(new Set(kept));
});
