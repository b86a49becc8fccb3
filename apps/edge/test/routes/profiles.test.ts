import { listFields } from "@hi-stranger/core/contract/profiles";
import { beforeAll, describe, expect, it } from "vitest";
import { type Api, createApi, expectProblem, json, modes, ndjson } from "../support/api.ts";
import { emptyDatabase, emptyNamespace } from "../support/empty.ts";
import { env } from "../support/env.ts";
import { personas } from "../support/personas.ts";

const all = personas(250, 3);
const lines = all.map((persona) => JSON.stringify(persona));
const ids = all.map(({ profile_id: id }) => id);

interface Page {
  items: unknown[];
  list_complete: boolean;
  next_cursor: string | null;
}

describe.each(modes)("personas in %s", (mode) => {
  let api: Api;
  beforeAll(async () => {
    await emptyDatabase(env.DB);
    await Promise.all(
      [env.PROFILES_KV, env.IMPORT_REPORT_KV, env.IDEMPOTENCY_KV].map(emptyNamespace),
    );
    api = await createApi(mode);
    await api.import(lines.join("\n"));
  });
  const list = async (query: string) => json<Page>(await api.call(`/api/profiles${query}`));

  it("are read one by one with their revision, and 304 when it is known", async () => {
    const answer = await api.call(`/api/profiles/item?id=${ids[7]}`);
    expect(await answer.text()).toBe(lines[7]);
    const etag = answer.headers.get("ETag") ?? "";
    expect(etag).toMatch(/^"\d+"$/);
    for (const known of [etag, `W/${etag}`, `"0", ${etag}`, "*"]) {
      const again = await api.call(`/api/profiles/item?id=${ids[7]}`, {
        headers: { "If-None-Match": known },
      });
      expect(again.status).toBe(304);
      expect(again.headers.get("ETag")).toBe(etag);
      expect(await again.text()).toBe("");
    }
    const other = await api.call(`/api/profiles/item?id=${ids[7]}`, {
      headers: { "If-None-Match": '"0"', "Cache-Control": "no-cache" },
    });
    expect(other.status).toBe(200);
  });

  it("that don't exist are 404", async () => {
    const answer = await api.call("/api/profiles/item?id=usr_nobody");
    expect(answer.status).toBe(404);
    await expectProblem(answer, "profile_not_found");
    const gone = await api.call("/api/profiles/item?id=usr_nobody", { method: "DELETE" });
    expect(gone.status).toBe(404);
    await expectProblem(gone, "profile_not_found");
  });

  it.each([
    "",
    "?id=",
    "?id=../x",
    "?id=usr_ABCDEF",
    "?id=usr_aaaaaa&id=usr_bbbbbb",
    "?id=usr_aaaaaa&x=1",
    "?__proto__=1",
  ])("asked for with %s are 400", async (query) => {
    const answer = await api.call(`/api/profiles/item${query}`);
    expect(answer.status).toBe(400);
    await expectProblem(answer, "invalid_parameter");
  });

  it("are listed in the order of their ids, each once, in pages of any size", async () => {
    for (const limit of [1, 99, 100, 125, 250, 1_000]) {
      const found: unknown[] = [];
      let query = `?limit=${limit}`;
      for (let isComplete = false; !isComplete;) {
        const page = await list(query);
        expect(page.items.length).toBeLessThanOrEqual(limit);
        expect(page.list_complete).toBe(page.next_cursor === null);
        found.push(...page.items);
        isComplete = page.list_complete;
        query = `?limit=${limit}&cursor=${page.next_cursor}`;
        if (limit === 1 && found.length === 3) break;
      }
      expect(found).toEqual(limit === 1 ? all.slice(0, 3) : all);
    }
    expect((await list("")).items).toHaveLength(100);
  });

  it("are listed by each filter alone and by all together", async () => {
    const [{ profile } = {}] = all;
    if (!profile) throw new Error("no persona");
    const wanted = {
      language: profile.system?.language ?? "en",
      assertiveness: profile.behavior.assertiveness_level,
      empathy: profile.emotional.empathy_depth,
      stress: profile.emotional.stress_tolerance,
      regulation: profile.emotional.emotional_regulation,
    };
    const facts = all.map(({ profile: it }) => ({
      language: it.system?.language,
      assertiveness: it.behavior.assertiveness_level,
      empathy: it.emotional.empathy_depth,
      stress: it.emotional.stress_tolerance,
      regulation: it.emotional.emotional_regulation,
    }));
    const names = Object.keys(wanted) as (keyof typeof wanted)[];
    for (const asked of [...names.map((name) => [name]), names]) {
      const query = asked.map((name) => `${name}=${wanted[name]}`).join("&");
      const page = await list(`?limit=1000&${query}`);
      const expected = all.filter((_, index) =>
        asked.every((name) => facts[index]?.[name] === wanted[name]),
      );
      expect(page.items).toEqual(expected);
    }
  });

  it("are listed by the asked fields alone", async () => {
    const page = await list(`?limit=1&fields=${listFields.join(",")}`);
    const [item] = page.items as Record<string, unknown>[];
    expect(Object.keys(item ?? {})).toEqual([...listFields]);
    expect(item).toMatchObject({ id: ids[0], profile: all[0] });
    expect((await list("?limit=2&fields=id")).items).toEqual([{ id: ids[0] }, { id: ids[1] }]);
  });

  it.each([
    "limit=0",
    "limit=1001",
    "limit=-1",
    "limit=1.5",
    "limit=abc",
    "fields=",
    "fields=secret",
    "assertiveness=6",
    "regulation=angry",
    "language=!",
    "nonsense=1",
  ])("listed with %s are 400", async (query) => {
    const answer = await api.call(`/api/profiles?${query}`);
    expect(answer.status).toBe(400);
    await expectProblem(answer, "invalid_parameter");
  });

  it("refuse a cursor from elsewhere", async () => {
    const { next_cursor: ofGerman } = await list("?limit=1&language=de");
    const { next_cursor: ofAll } = await list("?limit=1");
    const cursors = ["x", "%22", "AAAA", `${ofAll}A`, ofGerman, ofAll?.slice(0, -2), btoa("[1,2]")];
    for (const cursor of cursors) {
      const answer = await api.call(`/api/profiles?cursor=${cursor}`);
      expect(answer.status).toBe(400);
      await expectProblem(answer, "invalid_cursor");
    }
  });

  it("are counted", async () => {
    expect(await api.count()).toBe(250);
  });

  it("are exported as they are stored, gzipped when asked", async () => {
    const plain = await api.call("/api/profiles/export");
    expect(plain.headers.get("Content-Type")).toBe("application/x-ndjson");
    expect(await ndjson(plain)).toBe(`${lines.join("\n")}\n`);
    for (const accepts of ["gzip", "br, gzip;q=0.5"]) {
      const packed = await api.call("/api/profiles/export", {
        headers: { "Accept-Encoding": accepts },
      });
      expect(packed.headers.get("Content-Encoding")).toBe("gzip");
    }
    const refused = await api.call("/api/profiles/export", {
      headers: { "Accept-Encoding": "gzip;q=0, br" },
    });
    expect(refused.headers.get("Content-Encoding")).toBeNull();
  });

  it("feed their changes in order, deletions included, each once", async () => {
    const start = await json<{ next_since_rev: number; changes: { rev: number }[] }>(
      await api.call("/api/profiles/changes?limit=1000"),
    );
    expect(start.changes).toHaveLength(250);
    const revs = start.changes.map(({ rev }) => rev);
    expect(revs).toEqual(revs.toSorted((a, b) => a - b));
    const renamed = lines[3]?.replace(/"user_name":"[^"]+"/, '"user_name":"renamed"') ?? "";
    await api.import(renamed);
    expect((await api.call(`/api/profiles/item?id=${ids[4]}`, { method: "DELETE" })).status).toBe(
      204,
    );
    const since = await json(
      await api.call(`/api/profiles/changes?since_rev=${start.next_since_rev}`),
    );
    expect(since).toMatchObject({
      changes: [
        { profile_id: ids[3], deleted: false, profile: JSON.parse(renamed) as object },
        { profile_id: ids[4], deleted: true, profile: null },
      ],
      list_complete: true,
    });
    expect(await api.count()).toBe(249);
    await api.import([lines[3], lines[4]].join("\n"));
    expect(await api.count()).toBe(250);
  });

  it.each(["since_rev=-1", "since_rev=x", "limit=0"])("fed with %s are 400", async (query) => {
    const answer = await api.call(`/api/profiles/changes?${query}`);
    expect(answer.status).toBe(400);
    await expectProblem(answer, "invalid_parameter");
  });

  it("have no report for an import that never was", async () => {
    const answer = await api.call(`/api/profiles/report?id=imp_${"0".repeat(26)}`);
    expect(answer.status).toBe(404);
    await expectProblem(answer, "report_not_found");
    const bad = await api.call("/api/profiles/report?id=imp_1");
    expect(bad.status).toBe(400);
  });
});
