import { expect, it } from "vitest";
import { readProfileLine } from "@hi-stranger/core/schema/profile-line";
import { toProfileRow } from "@hi-stranger/core/store/profile-store";
import { streamSource } from "@hi-stranger/core/codec/byte-source";
import { generatePersonaLines, generatePersonas } from "@hi-stranger/sdk/demo/personas";
import { createLocalStorageProfileStore } from "@hi-stranger/sdk/stores/local-storage";
import { createMemoryProfileStore } from "@hi-stranger/sdk/stores/memory";
import { importIntoDevice } from "../../src/transfer/device-import.ts";
import type { ImportCounts } from "../../src/transfer/import-run.ts";
import { createRefusedLog } from "../../src/transfer/refused-log.ts";

async function run(
  bytes: Blob,
  store = createMemoryProfileStore(),
  signal = new AbortController().signal,
) {
  const refused = createRefusedLog();
  let counts: ImportCounts | null = null;
  await importIntoDevice({
    store,
    refused,
    signal,
    source: streamSource(bytes.stream()),
    onProgress: (latest) => {
      counts = latest;
    },
  });
  return { refused, counts: counts as ImportCounts | null };
}

/** A `Storage` with room for `maxLength` characters, as a browser's has an end. */
function createFullStorage(maxLength: number): Storage {
  const values = new Map<string, string>();
  return {
    get length() {
      return values.size;
    },
    clear: () => values.clear(),
    getItem: (key) => values.get(key) ?? null,
    key: (index) => [...values.keys()][index] ?? null,
    removeItem: (key) => void values.delete(key),
    setItem(key, value) {
      const others = [...values].filter(([name]) => name !== key);
      const length = others.reduce((sum, [name, text]) => sum + name.length + text.length, 0);
      if (length + key.length + value.length > maxLength) {
        throw new DOMException("no room", "QuotaExceededError");
      }
      values.set(key, value);
    },
  };
}

it("stores what is valid, and tells line, place and reason of the rest", async () => {
  const [first, second] = [...generatePersonaLines({ count: 2, seed: 1 })];
  const store = createMemoryProfileStore();
  const wrong = first?.replace('"user_profile.v1"', '"user_profile.v9"');
  const bytes = new Blob([`\uFEFF${first}\r\n\nnot json\n`, `${wrong}\n`, `${second}`]);
  const { refused, counts } = await run(bytes, store);
  expect(counts).toEqual({ lines: 4, inserted: 2, updated: 0, unchanged: 0, unsaved: 0 });
  expect(await store.count()).toBe(2);
  expect(refused.samples.map(({ lineNo, errors }) => [lineNo, errors[0]?.errorCode])).toEqual([
    [3, "json_parse_error"],
    [4, "const"],
  ]);
  expect(await new Blob(refused.linesFile()).text()).toBe(`not json\n${wrong}\n`);
});

it("a line that is no text is refused and not kept as text", async () => {
  const { refused } = await run(new Blob([new Uint8Array([0xff, 0xfe, 10]), "{}\n"]));
  expect(refused.count).toBe(2);
  expect(refused.unkeptCount).toBe(1);
  expect(await new Blob(refused.linesFile()).text()).toBe("{}\n");
});

it("personal data is refused line by line, so that its neighbours are stored", async () => {
  const personas = [...generatePersonas({ count: 3, seed: 4 })];
  const [, middle] = personas;
  if (middle) middle.profile.intent.biography = "Write to mara@example.org";
  const store = createLocalStorageProfileStore({ storage: createFullStorage(1e6) });
  const { refused, counts } = await run(
    new Blob(personas.map((p) => `${JSON.stringify(p)}\n`)),
    store,
  );
  expect(counts).toMatchObject({ lines: 3, inserted: 2 });
  expect(refused.samples).toMatchObject([
    { lineNo: 2, errors: [{ path: "/profile/intent/biography", errorCode: "personal_email" }] },
  ]);
});

it("fills a storage to its last record, then reads on and counts what found no room", async () => {
  const lines = [...generatePersonaLines({ count: 400, seed: 9 })];
  const withBad = [...lines, "not json"];
  const storage = createFullStorage(100_000);
  const store = createLocalStorageProfileStore({ storage });
  const { refused, counts } = await run(new Blob([withBad.join("\n")]), store);
  const stored = await store.count();
  expect(stored).toBeGreaterThan(50);
  expect(counts).toMatchObject({ lines: 401, inserted: stored, unsaved: 400 - stored });
  expect(refused.count).toBe(1);
  const next = readProfileLine(lines[stored] ?? "");
  if ("violations" in next) throw new Error("a demo persona is not valid");
  await expect(store.write([toProfileRow(next)])).rejects.toMatchObject({
    code: "quota_exceeded",
  });
});

it("ends with the signal's reason when it is cancelled", async () => {
  const reason = new Error("enough");
  const lines = [...generatePersonaLines({ count: 10, seed: 9 })].join("\n");
  await expect(
    run(new Blob([lines]), createMemoryProfileStore(), AbortSignal.abort(reason)),
  ).rejects.toBe(reason);
});
