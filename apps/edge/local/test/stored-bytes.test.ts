import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { UserProfile } from "@hi-stranger/core/schema/user-profile";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type BrowserFetch,
  createBrowserFetch,
} from "../../../../packages/sdk/test/support/browser-fetch.ts";
import { personas } from "../../test/support/personas.ts";
import { createFinder } from "../../test/support/planted.ts";
import { ensureSecrets } from "../secrets.ts";

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
const importedName = "Kingfisher of the import";
const dayMs = 24 * 60 * 60 * 1000;

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
  server = spawn(process.execPath, [serve, folder], { stdio: ["pipe", "pipe", "pipe"] });
  for (const stream of [server.stdout, server.stderr]) {
    stream?.on("data", (chunk: Buffer) => printed.push(chunk));
  }
  url = await printedLine(/^http:\S+$/m);
});

afterAll(async () => {
  server.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

const output = () => Buffer.concat(printed).toString("latin1");

/** Waits for a whole line that `pattern` fits. */
async function printedLine(pattern: RegExp): Promise<string> {
  for (;;) {
    const whole = output().slice(0, output().lastIndexOf("\n") + 1);
    const [line] = pattern.exec(whole) ?? [];
    if (line !== undefined) return line;
    const [chunk] = await Promise.race([
      once(server.stdout ?? server, "data"),
      once(server, "exit"),
    ]);
    if (!(chunk instanceof Buffer)) throw new Error(`the server ended: ${output()}`);
  }
}

function send(browser: BrowserFetch, method: string, path: string, body?: unknown, csrf = "") {
  return browser.fetch(`${url}${path}`, {
    method,
    headers: {
      "Content-Type": "application/json",
      "X-CSRF-Token": csrf,
      // The first answers are kept for those who ask again, some of them sealed.
      ...(method === "GET" ? {} : { "Idempotency-Key": crypto.randomUUID() }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function askLink(browser: BrowserFetch, email: string): Promise<string> {
  expect((await send(browser, "POST", "/api/auth/magic-link", { email })).status).toBe(202);
  const answer = await fetch(`${url}/dev/mailbox`, { headers: { Accept: "application/json" } });
  const [newest] = (await answer.json()) as { token: string }[];
  return newest?.token ?? "";
}

async function signIn(email: string) {
  const browser = createBrowserFetch(url);
  const token = await askLink(browser, email);
  const answer = await send(browser, "POST", "/api/auth/verify", { token, consents });
  expect(answer.status).toBe(200);
  const session = (await answer.json()) as { csrf_token: string; person_id: string };
  return { browser, csrf: session.csrf_token, personId: session.person_id };
}

function named(name: string, seed: number): UserProfile {
  const [made] = personas(1, seed);
  if (!made) throw new Error("no persona was generated");
  const { profile } = made;
  return { ...made, profile: { ...profile, identity: { ...profile.identity, user_name: name } } };
}

/** A persona that somebody makes. */
function persona(): object {
  const { profile_id: _id, created_at: _at, ...made } = named(personaName, 7);
  return made;
}

/** Imports a persona, with lines beside it that aren't one and tell of people, and reads it. */
async function importAndRead(): Promise<void> {
  const { operatorSecret } = await ensureSecrets();
  const made = await fetch(`${url}/api/tokens`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${operatorSecret}` },
    body: JSON.stringify({ name: "import", scopes: ["profiles:read", "profiles:import"] }),
  });
  const { token } = (await made.json()) as { token: string };
  const imported = named(importedName, 8);
  const [first, second] = people;
  const wrong = [{ ...imported, [first.email]: 1 }, { [second.name]: second.address }, first];
  const lines = [imported, ...wrong].map((line) => JSON.stringify(line));
  const answer = await fetch(`${url}/api/profiles/import`, {
    method: "POST",
    headers: {
      "Content-Type": "application/x-ndjson",
      Authorization: `Bearer ${token}`,
      "Idempotency-Key": crypto.randomUUID(),
    },
    body: [...lines, `{"email":"${second.email}",`].join("\n"),
  });
  expect(answer.status).toBe(207);
  const report = await answer.text();
  expect(JSON.parse(report)).toMatchObject({ lines_valid: 1, lines_invalid: 4 });
  expect(find(report)).toEqual([]);
  // A persona is cached when it is asked for again.
  for (let read = 0; read < 2; read += 1) {
    const item = await fetch(`${url}/api/profiles/item?id=${imported.profile_id}`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    expect(item.status).toBe(200);
  }
}

/** Runs the hourly job as of tomorrow, when today's audit log is signed. */
async function closeDay(): Promise<void> {
  server.stdin?.write(`${Date.now() + dayMs}\n`);
  await printedLine(/^done$/m);
}

/** What of the planted texts is in the files below the state, by the store that a file is of. */
async function scan(find: (haystack: string) => string[]): Promise<Record<string, string[]>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: Record<string, string[]> = {};
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path).replaceAll("\\", "/");
    const texts = find(`${name}\n${await readFile(path, "latin1")}`);
    const store = storeOf(name);
    if (texts.length > 0) found[store] = [...new Set([...(found[store] ?? []), ...texts])];
  }
  return found;
}

/** A database has its log beside it. The values of KV and R2 are in files of their own, below `blobs`. */
function storeOf(file: string): string {
  return file.replace(/-(?:wal|shm)$/, "").replace(/\/blobs\/.*$/, "/blobs");
}

/** Which texts that are surely stored are seen where, as `storeOf` tells, without the hashes in it. */
async function expectEachStoreSeen(personIds: readonly string[]): Promise<void> {
  // The shares themselves are random bytes.
  const shares = personIds.map((personId) => `share/${personId}`);
  const expected = [
    ["live/d1/miniflare-D1DatabaseObject", personaName, importedName, "session.begun"],
    ["live/d1/miniflare-D1DatabaseObject", "hs2.dek_", "hw1."],
    ["live/kv/miniflare-KVNamespaceObject", "profiles:epoch", "profile:"],
    ["live/kv/miniflare-KVNamespaceObject", "report:imp_"],
    ["live/kv/miniflare-KVNamespaceObject", "import:tok_"],
    ["live/kv/profiles/blobs", importedName],
    ["live/kv/import-reports/blobs", "errors_sample"],
    ["live/kv/idempotency/blobs", "errors_sample"],
    ["live/r2/miniflare-R2BucketObject", ...shares],
    ["live/r2/miniflare-R2BucketObject", "checkpoint/"],
    ["live/r2/hi-stranger-audit-checkpoints/blobs", "head_hash"],
    ["live/do/-Gatekeeper", "revoked_sessions"],
  ];
  const kept = [...new Set(expected.flatMap(([, ...texts]) => texts))];
  const found = await scan((haystack) => kept.filter((text) => haystack.includes(text)));
  const seen = Object.entries(found).map(([store, texts]) => ({
    place: store.replace(/\/[0-9a-f]{64}\.sqlite$/, ""),
    texts,
  }));
  for (const [place, ...texts] of expected) {
    expect(seen).toContainEqual({ place, texts: expect.arrayContaining(texts) as string[] });
  }
  const shareFiles = await readdir(join(folder, "live/r2/hi-stranger-key-shares/blobs"));
  expect(shareFiles).toHaveLength(shares.length);
}

test("no byte that a server stores or prints tells who signed up and what they edited", async () => {
  const personIds: string[] = [];
  for (const { email, ...fields } of people) {
    const { browser, csrf, personId } = await signIn(email);
    personIds.push(personId);
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
  await importAndRead();
  // The job removes what is past by tomorrow, so there is more to look at before.
  expect(await scan(find)).toEqual({});
  await closeDay();

  server.kill("SIGTERM");
  await once(server, "exit");
  expect(find(output())).toEqual([]);
  expect(await scan(find)).toEqual({});
  await expectEachStoreSeen(personIds);
});
