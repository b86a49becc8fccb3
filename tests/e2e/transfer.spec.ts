import { writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { Download, Page } from "@playwright/test";
import { createClient } from "@hi-stranger/sdk/client";
import { connect, expect, test } from "./support/app.ts";
import { makePersonas, toNdjson } from "./support/personas.ts";

test.use({ expectedErrors: /status of (?:403|422)/ });

/** 40 good lines with 3 bad ones among them: no JSON, a wrong score, and half a record. */
function makeMixedFile() {
  const personas = makePersonas(40);
  const lines = personas.map((persona) => JSON.stringify(persona));
  const [first = "", second = ""] = makePersonas(2).map((persona) => JSON.stringify(persona));
  const bad = [
    "this is not JSON",
    first.replace(/"empathy_depth":\d/, '"empathy_depth":9'),
    second.slice(0, 100),
  ];
  const all = [...lines.slice(0, 10), bad[0], ...lines.slice(10), bad[1], "", bad[2]];
  return { personas, bad, text: `${all.join("\n")}\n` };
}

async function importFile(page: Page, name: string, bytes: Buffer): Promise<void> {
  await page.locator("input[type=file]").setInputFiles({
    name,
    mimeType: "application/octet-stream",
    buffer: bytes,
  });
  await expect(page.getByRole("heading", { name: `Imported ${name}` })).toBeVisible({
    timeout: 60_000,
  });
}

async function readCounts(page: Page): Promise<Record<string, number>> {
  const entries = await page
    .locator(".counts > div")
    .evaluateAll((divs) =>
      divs.map((div) => [
        div.querySelector("dt")?.textContent,
        div.querySelector("dd")?.textContent,
      ]),
    );
  return Object.fromEntries(
    entries.map(([name, text]) => [name, Number(text?.replaceAll(",", ""))]),
  );
}

async function download(page: Page, button: string): Promise<{ name: string; text: string }> {
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button }).click(),
  ]);
  return { name: file.suggestedFilename(), text: await readText(file) };
}

async function readText(file: Download): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

for (const home of ["device", "live"] as const) {
  test(`${home}: a file with bad lines stores the good ones and hands the bad ones back`, async ({
    page,
    environment,
  }) => {
    const { personas, bad, text } = makeMixedFile();
    if (home === "live") await connect(page, environment.tokens.full, "/import");
    else await page.goto("/import");
    await expect(page.getByText("Choose a file")).toBeVisible();
    await importFile(page, "mixed.ndjson", Buffer.from(text));
    expect(await readCounts(page)).toEqual({ New: 40, Changed: 0, Unchanged: 0, Refused: 3 });
    const table = page.getByRole("table");
    await expect(table.getByRole("row").nth(1)).toHaveText(/11.*the whole line.*is not JSON/);
    await expect(table.getByRole("row").nth(2)).toHaveText(
      /42.*emotional\/empathy_depth.*is too large/,
    );
    await expect(table.getByRole("row").nth(3)).toHaveText(/44.*is not JSON/);

    const lines = await download(page, "Download failed lines");
    expect(lines).toEqual({ name: "mixed.failed.ndjson", text: `${bad.join("\n")}\n` });
    const report = await download(page, "Download the report");
    expect(report.name).toBe("mixed.report.json");
    expect(JSON.parse(report.text)).toMatchObject({
      file: "mixed.ndjson",
      home,
      state: "done",
      lines_total: 43,
      lines_invalid: 3,
      inserted: 40,
      errors: [
        { line_no: 11, error_code: "json_parse_error" },
        { line_no: 42, path: "/profile/emotional/empathy_depth", error_code: "maximum" },
        { line_no: 44, error_code: "json_parse_error" },
      ],
    });
    expect(report.text).not.toContain("this is not JSON");

    // The same again, packed: nothing is new.
    await page.getByRole("button", { name: "Import another file" }).click();
    await importFile(page, "again.ndjson.gz", gzipSync(toNdjson(personas)));
    expect(await readCounts(page)).toEqual({ New: 0, Changed: 0, Unchanged: 40, Refused: 0 });
  });
}

for (const [what, leftChars, heading] of [
  ["less than one line", 100, "Nothing stored: many.ndjson"],
  ["some lines", 20_000, "Stored in part: many.ndjson"],
] as const) {
  test(`device: a file too large for the room for ${what} is not told of as imported`, async ({
    page,
  }) => {
    await page.goto("/import");
    await page.evaluate((left) => {
      localStorage.setItem("filler", "");
      let chars = 0;
      for (let step = 2 ** 22; step >= 1; step /= 2) {
        try {
          localStorage.setItem("filler", "x".repeat(chars + step));
          chars += step;
        } catch {
          // Full: a smaller step may fit.
        }
      }
      localStorage.setItem("filler", "x".repeat(chars - left));
    }, leftChars);
    await page.locator("input[type=file]").setInputFiles({
      name: "many.ndjson",
      mimeType: "application/octet-stream",
      buffer: Buffer.from(toNdjson(makePersonas(60))),
    });
    await expect(page.getByRole("heading", { name: heading })).toBeVisible();
    const counts = await readCounts(page);
    expect(counts).toEqual({
      New: 60 - (counts["Not saved"] ?? 0),
      Changed: 0,
      Unchanged: 0,
      Refused: 0,
      "Not saved": expect.any(Number),
    });
    expect(counts["New"] === 0).toBe(heading.startsWith("Nothing"));
    await expect(page.locator(".counts .is-bad dt")).toHaveText(["Not saved"]);
    await expect(page.getByRole("progressbar")).toHaveClass("is-bad");
    await expect(page.locator("main").getByText("found no room in this browser")).toBeVisible();
    await expect(page.getByText(/^The import is over\. .* found no room/)).toBeAttached();

    // With room again, the same file goes in whole.
    await page.evaluate(() => localStorage.removeItem("filler"));
    await page.getByRole("button", { name: "Send it again" }).click();
    await expect(page.getByRole("heading", { name: "Imported many.ndjson" })).toBeVisible();
    expect(await readCounts(page)).toMatchObject({ Refused: 0 });
    await expect(page.locator(".is-bad")).toHaveCount(0);
  });
}

test("live: what was imported is in the store, line by line", async ({ page, environment }) => {
  const personas = makePersonas(30);
  await connect(page, environment.tokens.importOnly);
  await expect(page.getByText("This token may import, but not read.")).toBeVisible();
  await importFile(page, "thirty.ndjson", Buffer.from(toNdjson(personas)));
  const client = createClient({
    baseUrl: environment.liveUrl,
    token: environment.tokens.readOnly,
  });
  const stored = await Promise.all(
    personas.map(({ profile_id }) => client.getProfile(profile_id, { isFresh: true })),
  );
  expect(stored.map((answer) => answer?.profile)).toEqual(personas);
});

test("live: thousands of lines can be paused, resumed and left running while one looks elsewhere", async ({
  page,
  environment,
}, testInfo) => {
  const file = testInfo.outputPath("many.ndjson");
  writeFileSync(file, toNdjson(makePersonas(20_000)));
  await connect(page, environment.tokens.full, "/import");
  // The server's answers wait until the test lets them go.
  const { promise: mayAnswer, resolve: letAnswer } = Promise.withResolvers<void>();
  await page.route("**/api/profiles/import", async (route) => {
    await mayAnswer;
    await route.continue();
  });
  await page.locator("input[type=file]").setInputFiles(file);
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByRole("heading", { name: "Paused: many.ndjson" })).toBeVisible();
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByRole("heading", { name: "Importing many.ndjson" })).toBeVisible();
  await page.getByRole("link", { name: "LIVE" }).click();
  await expect(page.getByRole("heading", { name: "Where the data lives" })).toBeVisible();
  letAnswer();
  await page.getByRole("link", { name: "Import and export" }).click();
  await expect(page.getByRole("heading", { name: "Imported many.ndjson" })).toBeVisible({
    timeout: 60_000,
  });
  expect(await readCounts(page)).toEqual({ New: 20_000, Changed: 0, Unchanged: 0, Refused: 0 });
});

test("live: a cancelled import says what stays, and sending it again completes it", async ({
  page,
  environment,
}) => {
  const personas = makePersonas(100);
  await connect(page, environment.tokens.full, "/import");
  const held = Promise.withResolvers<void>();
  await page.route("**/api/profiles/import", async () => held.resolve());
  await page.locator("input[type=file]").setInputFiles({
    name: "hundred.ndjson",
    mimeType: "application/x-ndjson",
    buffer: Buffer.from(toNdjson(personas)),
  });
  await held.promise;
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("heading", { name: "Cancelled: hundred.ndjson" })).toBeVisible();
  await expect(page.getByText("stays stored")).toBeVisible();
  await page.unroute("**/api/profiles/import");
  await page.getByRole("button", { name: "Send it again" }).click();
  await expect(page.getByRole("heading", { name: "Imported hundred.ndjson" })).toBeVisible();
  expect(await readCounts(page)).toEqual({ New: 100, Changed: 0, Unchanged: 0, Refused: 0 });
});

test("device: a file larger than the browser's storage is stored as far as it fits, and told", async ({
  page,
}, testInfo) => {
  const file = testInfo.outputPath("large.ndjson");
  writeFileSync(file, toNdjson(makePersonas(20_000)));
  await page.goto("/import");
  await page.locator("input[type=file]").setInputFiles(file);
  await expect(page.getByRole("heading", { name: "Stored in part: large.ndjson" })).toBeVisible({
    timeout: 60_000,
  });
  const counts = await readCounts(page);
  expect(counts["New"]).toBeGreaterThan(1000);
  expect((counts["New"] ?? 0) + (counts["Not saved"] ?? 0)).toBe(20_000);
  await expect(page.locator("main").getByText("found no room in this browser")).toBeVisible();
});

test("device: an export is a file that imports into an empty browser as it was", async ({
  page,
  browser,
}) => {
  const personas = makePersonas(50);
  await page.goto("/import");
  await importFile(page, "fifty.ndjson", Buffer.from(toNdjson(personas)));
  const file = await download(page, "Download all personas");
  expect(file.name).toMatch(/^personas-device-\d{4}-\d{2}-\d{2}\.ndjson$/);
  expect(file.text).toBe(toNdjson(personas));

  const other = await browser.newPage();
  await other.goto(page.url());
  await importFile(other, "export.ndjson", Buffer.from(file.text));
  expect((await download(other, "Download all personas")).text).toBe(file.text);
  await other.close();
});

test("live: an export holds what was imported, in the order of the ids", async ({
  page,
  environment,
}) => {
  const personas = makePersonas(25);
  await connect(page, environment.tokens.full, "/import");
  await importFile(page, "some.ndjson", Buffer.from(toNdjson(personas.toReversed())));
  const { text } = await download(page, "Download all personas");
  const ids = text
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { profile_id: string }).profile_id);
  expect(ids).toEqual(ids.toSorted());
  expect(ids).toEqual(expect.arrayContaining(personas.map(({ profile_id }) => profile_id)));
});

test("an empty home has nothing to export, and an empty file nothing to import", async ({
  page,
}) => {
  await page.goto("/import");
  await page.getByRole("button", { name: "Download all personas" }).click();
  await expect(page.locator("main").getByText("There is nothing to export yet.")).toBeVisible();
  await importFile(page, "empty.ndjson", Buffer.from(""));
  await expect(page.getByText("The file holds no line.")).toBeVisible();
});

test("a packed file that breaks off stops the import, and says what to do", async ({ page }) => {
  await page.goto("/import");
  const packed = gzipSync(toNdjson(makePersonas(50)));
  await page.locator("input[type=file]").setInputFiles({
    name: "cut.ndjson.gz",
    mimeType: "application/gzip",
    buffer: packed.subarray(0, packed.length - 100),
  });
  await expect(page.getByRole("heading", { name: "Stopped: cut.ndjson.gz" })).toBeVisible();
  await expect(page.getByText("The file is damaged")).toBeVisible();
});
