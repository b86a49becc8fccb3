import fc from "fast-check";
import { env } from "../support/env.ts";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type Api,
  chunked,
  createApi,
  expectProblem,
  gzip,
  json,
  modes,
  ndjson,
  reportOf,
  sha256Hex,
} from "../support/api.ts";
import { countingDatabase } from "../support/counting-database.ts";
import { emptyDatabase, emptyNamespace } from "../support/empty.ts";
import { defaultMaxShardBytes } from "@hi-stranger/sdk/import/import-file";
import { maxGroupBytes } from "../../src/stores/profile-sql.ts";
import { personaLines, personas } from "../support/personas.ts";

const lines = personaLines(20);
const [first = "", second = ""] = lines;

describe.each(modes)("an import into %s", (mode) => {
  let api: Api;
  beforeEach(async () => {
    await emptyDatabase(env.DB);
    await Promise.all(
      [env.PROFILES_KV, env.IMPORT_REPORT_KV, env.IDEMPOTENCY_KV].map(emptyNamespace),
    );
    api = await createApi(mode);
  });

  /** Expects that nothing is stored, put aside or claimed. */
  async function expectNothingStored() {
    expect(await api.count()).toBe(0);
    const { results } = await env.DB.prepare("SELECT seq FROM import_staging").all();
    expect(results).toEqual([]);
    const staged = await env.PROFILES_KV.list({ prefix: "staging:" });
    expect(staged.keys).toEqual([]);
  }

  it("stores every line, reports it, and gives the same bytes back", async () => {
    const body = `${lines.join("\n")}\n`;
    const report = await reportOf(await api.import(body), 200);
    expect(report).toMatchObject({
      state: "complete",
      lines_total: 20,
      lines_valid: 20,
      lines_invalid: 0,
      inserted: 20,
      updated: 0,
      unchanged: 0,
      errors_sample: [],
      errors_truncated: false,
      checksum_sha256: await sha256Hex(body),
      bytes_received: new TextEncoder().encode(body).length,
    });
    const exported = await api.call("/api/profiles/export");
    expect(await ndjson(exported)).toBe(body);
    const { results } = await env.DB.prepare(
      "SELECT action, subject, outcome FROM audit_log WHERE action = 'import.finished'",
    ).all();
    expect(results).toEqual(
      mode === "live"
        ? [{ action: "import.finished", subject: `import:${report.import_id}`, outcome: "done" }]
        : [],
    );
    const kept = await api.call(`/api/profiles/report?id=${report.import_id}`);
    expect(await json(kept)).toEqual(report);
  });

  it("tells inserted, updated and unchanged apart", async () => {
    await api.import(lines.slice(0, 2).join("\n"));
    const changed = first.replace(/"user_name":"[^"]+"/, '"user_name":"somebody else"');
    const report = await reportOf(await api.import([changed, second, lines[2]].join("\n")), 200);
    expect(report).toMatchObject({ inserted: 1, updated: 1, unchanged: 1 });
  });

  it("lets later lines win over earlier ones with the same id", async () => {
    const later = first.replace(/"user_name":"[^"]+"/, '"user_name":"the later one"');
    const report = await reportOf(await api.import([first, second, later].join("\n")), 200);
    expect(report).toMatchObject({ lines_valid: 3, inserted: 2, updated: 0, unchanged: 1 });
    const { profile_id: id } = JSON.parse(first) as { profile_id: string };
    const item = await api.call(`/api/profiles/item?id=${id}`);
    expect(await item.text()).toBe(later);
  });

  it("skips blank lines, a BOM and CR, and takes a last line without newline", async () => {
    const report = await reportOf(await api.import(`\uFEFF${first}\r\n\r\n  \n${second}`), 200);
    expect(report).toMatchObject({ lines_total: 2, lines_valid: 2 });
    expect(await ndjson(await api.call("/api/profiles/export"))).toBe(`${first}\n${second}\n`);
  });

  it("stores the valid lines of a mixed body with 207 and says what is wrong with the others", async () => {
    const wrong = first.replace('"user_profile.v1"', '"user_profile.v9"');
    const body = [first, "{", wrong, second, '{"a":1,"a":2}'].join("\n");
    const report = await reportOf(await api.import(body), 207);
    expect(report).toMatchObject({ lines_total: 5, lines_valid: 2, lines_invalid: 3, inserted: 2 });
    expect(report.errors_sample).toEqual([
      {
        line_no: 2,
        status: 422,
        path: "",
        error_code: "json_parse_error",
        message: "is not a JSON text",
      },
      expect.objectContaining({ line_no: 3, path: "/schema_version", error_code: "const" }),
      expect.objectContaining({ line_no: 5, path: "", error_code: "duplicate_key" }),
    ]);
  });

  it("answers 422 with the report when no line is valid, and when there is no line", async () => {
    const none = await api.import("{}\nnull");
    expect(none.status).toBe(422);
    expect(await expectProblem(none, "no_valid_lines")).toMatchObject({
      state: "refused",
      lines_total: 2,
      lines_invalid: 2,
      inserted: 0,
    });
    for (const body of ["", "\n\n", null]) {
      const empty = await api.import(body);
      expect(empty.status).toBe(422);
      await expectProblem(empty, "empty_body");
    }
    await expectNothingStored();
  });

  it("stores nothing of an atomic body with a wrong line, and all of one without", async () => {
    const refused = await api.import([first, "{}", second].join("\n"), {}, "?atomic=true");
    expect(refused.status).toBe(422);
    await expectProblem(refused, "invalid_lines");
    await expectNothingStored();
    await reportOf(await api.import([first, second].join("\n"), {}, "?atomic=true"), 200);
    expect(await api.count()).toBe(2);
  });

  it("caps the sample of errors at 200 and says so", async () => {
    const report = await expectProblem(await api.import("x\n".repeat(201)), "no_valid_lines");
    expect(report["errors_sample"]).toHaveLength(200);
    expect(report).toMatchObject({ lines_invalid: 201, errors_truncated: true });
    const exact = await expectProblem(await api.import("x\n".repeat(200)), "no_valid_lines");
    expect(exact).toMatchObject({ errors_truncated: false });
  });

  it("takes gzip by its type or its coding", async () => {
    const packed = await gzip(lines.join("\n"));
    await reportOf(await api.import(packed, { "Content-Type": "application/gzip" }), 200);
    const again = await api.import(packed, { "Content-Encoding": "gzip" });
    expect(await reportOf(again, 200)).toMatchObject({
      unchanged: 20,
      checksum_sha256: await sha256Hex(packed),
      bytes_received: packed.length,
    });
  });

  it.each([
    ["text/plain", {}],
    ["application/json", {}],
    ["application/x-ndjson", { "Content-Encoding": "br" }],
  ])("refuses %s %o with 415", async (type, headers) => {
    const answer = await api.import(first, { "Content-Type": type, ...headers });
    expect(answer.status).toBe(415);
    await expectProblem(answer, "unsupported_media_type");
    await expectNothingStored();
  });

  describe("bad bytes", () => {
    it.each([
      ["cut short", (packed: Uint8Array<ArrayBuffer>) => packed.slice(0, -9)],
      [
        "with a flipped bit",
        (packed: Uint8Array<ArrayBuffer>) =>
          packed.with(packed.length >> 1, (packed[packed.length >> 1] ?? 0) ^ 1),
      ],
      [
        "with a wrong checksum",
        (packed: Uint8Array<ArrayBuffer>) => packed.with(-6, (packed.at(-6) ?? 0) ^ 1),
      ],
      [
        "with something behind it",
        (packed: Uint8Array<ArrayBuffer>) => new Uint8Array([...packed, 1, 2, 3]),
      ],
      ["that isn't gzip", () => new TextEncoder().encode(first)],
      ["of no bytes", () => new Uint8Array(0)],
    ])("of gzip %s give 400 and change nothing", async (_, damage) => {
      const body = damage(await gzip(personaLines(3_000).join("\n")));
      const answer = await api.import(body, { "Content-Type": "application/gzip" });
      expect(answer.status).toBe(400);
      await expectProblem(answer, "invalid_gzip");
      await expectNothingStored();
    });

    it("of a gzip bomb give 413 and change nothing", async () => {
      const part = `${first}\n`.repeat(1_000);
      const parts = Array.from({ length: Math.ceil(201_000_000 / part.length) }, () => part);
      const bomb = await gzip(chunked(parts));
      expect(bomb.length).toBeLessThan(2_000_000);
      const answer = await api.import(bomb, { "Content-Type": "application/gzip" });
      expect(answer.status).toBe(413);
      await expectProblem(answer, "unpacked_too_large");
      await expectNothingStored();
    });

    it("of a 60 MB body without Content-Length give 413 and change nothing", async () => {
      const part = `${lines.join("\n")}\n`.repeat(40);
      const parts = Array.from({ length: Math.ceil(60_000_000 / part.length) }, () => part);
      const answer = await api.import(chunked(parts));
      expect(answer.status).toBe(413);
      await expectProblem(answer, "body_too_large");
      await expectNothingStored();
    });

    it("of a body that says it is too large are not even read", async () => {
      const body = chunked([first]);
      const answer = await api.import(body, { "Content-Length": "50000001" });
      expect(answer.status).toBe(413);
      await expectProblem(answer, "body_too_large");
    });

    it.each([
      ["a 200 KB line", `{"a":"${"x".repeat(200_000)}"}`, "line_too_large"],
      ["raw NUL bytes", `${first.slice(0, 50)}\0${first.slice(50)}`, "json_parse_error"],
      ["10,000 levels of nesting", '{"a":'.repeat(10_000) + "1" + "}".repeat(10_000), "required"],
      ["10,000 levels of arrays", "[".repeat(10_000) + "]".repeat(10_000), "type"],
      ["a __proto__ key", first.replace(/^\{/, '{"__proto__":{"x":1},'), "additional_properties"],
      [
        "a nested __proto__ key",
        first.replace('"gender"', '"__proto__":null,"gender"'),
        "additional_properties",
      ],
      ["a constructor key", first.replace(/^\{/, '{"constructor":{},'), "additional_properties"],
      [
        "half a surrogate pair",
        first.replace(/"user_name":"/, '"user_name":"\\ud800'),
        "invalid_utf8",
      ],
      ["a duplicate key", first.replace(/^\{/, '{"profile_id":"usr_zzzzzz",'), "duplicate_key"],
    ])("of %s refuse that line alone", async (_, line, errorCode) => {
      const report = await reportOf(await api.import([second, line, lines[2]].join("\n")), 207);
      expect(report).toMatchObject({ lines_total: 3, lines_valid: 2, lines_invalid: 1 });
      expect(report.errors_sample[0]).toMatchObject({ line_no: 2, error_code: errorCode });
      expect(await api.count()).toBe(2);
      expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
    });

    it("that aren't UTF-8 refuse their line alone", async () => {
      const encoder = new TextEncoder();
      const body = new Uint8Array([
        ...encoder.encode(`${first}\n`),
        0x22,
        0xed,
        0xa0,
        0x80,
        0x22,
        0x0a,
        ...encoder.encode(second),
      ]);
      const report = await reportOf(await api.import(body), 207);
      expect(report.errors_sample).toMatchObject([{ line_no: 2, error_code: "invalid_utf8" }]);
    });

    it("of any kind never give a 5xx, and store just the lines that are valid", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.oneof(
              fc.constantFrom(...lines),
              fc.string({ unit: "binary", maxLength: 60 }),
              fc.json({ maxDepth: 3 }),
            ),
            { maxLength: 12 },
          ),
          async (body) => {
            const text = body.join("\n");
            const answer = await api.import(text);
            expect([200, 207, 422]).toContain(answer.status);
            const valid = new Set(text.split("\n").filter((line) => lines.includes(line.trim())));
            const report = await json<{ lines_valid: number }>(answer);
            expect(report.lines_valid).toBeGreaterThanOrEqual(valid.size);
          },
        ),
        { numRuns: 25 },
      );
    });
  });

  describe("a checksum", () => {
    it("that fits is accepted in either case", async () => {
      const checksum = await sha256Hex(first);
      const answer = await api.import(first, { "X-Checksum-Sha256": checksum.toUpperCase() });
      expect(await reportOf(answer, 200)).toMatchObject({ inserted: 1 });
    });

    it("that doesn't fit stores nothing, not even of a large body, and frees the key", async () => {
      const body = personaLines(12_000, 5).join("\n");
      const headers = { "Idempotency-Key": "retry-me" };
      const answer = await api.import(body, { ...headers, "X-Checksum-Sha256": "0".repeat(64) });
      expect(answer.status).toBe(422);
      const problem = await expectProblem(answer, "checksum_mismatch");
      await expectNothingStored();
      const report = await api.call(`/api/profiles/report?id=${String(problem["import_id"])}`);
      expect(await json(report)).toMatchObject({ state: "refused", inserted: 0 });
      if (mode === "prototype") return;
      const checksum = await sha256Hex(body);
      await reportOf(await api.import(body, { ...headers, "X-Checksum-Sha256": checksum }), 200);
      expect(await api.count()).toBe(12_000);
    });

    it("that isn't one gives 400", async () => {
      const answer = await api.import(first, { "X-Checksum-Sha256": "abc" });
      expect(answer.status).toBe(400);
      await expectProblem(answer, "invalid_header");
    });
  });

  describe("an idempotency key", () => {
    const key = { "Idempotency-Key": '"a key, quoted"' };

    it("replays the first answer with its status, quoted or bare", async () => {
      const body = [first, "{}"].join("\n");
      const answer = await api.import(body, { "Idempotency-Key": '"k1"' });
      expect(answer.headers.get("Idempotency-Replayed")).toBeNull();
      const report = await reportOf(answer, 207);
      const again = await api.import(body, { "Idempotency-Key": "k1" });
      expect(again.headers.get("Idempotency-Replayed")).toBe("true");
      expect(await reportOf(again, 207)).toEqual(report);
    });

    it("replays a refusal too", async () => {
      await expectProblem(await api.import("{}", key), "no_valid_lines");
      const again = await api.import("{}", key);
      expect(again.status).toBe(422);
      expect(again.headers.get("Idempotency-Replayed")).toBe("true");
      await expectProblem(again, "no_valid_lines");
    });

    it("with another body gives 422 and changes nothing", async () => {
      await reportOf(await api.import(first, key), 200);
      const answer = await api.import(second, key);
      expect(answer.status).toBe(422);
      await expectProblem(answer, "idempotency_key_reused");
      expect(await api.count()).toBe(1);
    });

    it("gives 409 while the first request runs, and its answer afterwards", async () => {
      const body = Promise.withResolvers<void>();
      const isRead = Promise.withResolvers<void>();
      const slow = new ReadableStream<Uint8Array>(
        {
          async pull(controller) {
            isRead.resolve();
            await body.promise;
            controller.enqueue(new TextEncoder().encode(`${first}\n${second}`));
            controller.close();
          },
        },
        // Read when it is asked for, which is after the key was claimed.
        { highWaterMark: 0 },
      );
      const running = api.import(slow, key);
      await isRead.promise;
      const meanwhile = await api.import(`${first}\n${second}`, key);
      expect(meanwhile.status).toBe(409);
      expect(Number(meanwhile.headers.get("Retry-After"))).toBeGreaterThan(0);
      await expectProblem(meanwhile, "idempotency_in_progress");
      body.resolve();
      await reportOf(await running, 200);
      const after = await api.import(`${first}\n${second}`, key);
      expect(after.headers.get("Idempotency-Replayed")).toBe("true");
    });

    it("of one endpoint is not that of another", async () => {
      await reportOf(await api.import(first, key), 200);
      const answer = await api.call("/api/bulk/import", {
        method: "POST",
        body: first,
        headers: { "Content-Type": "application/x-ndjson", ...key },
      });
      await expectProblem(answer, "idempotency_key_reused");
    });

    it("replays nothing to a body that isn't the one announced", async () => {
      await reportOf(await api.import(first, key), 200);
      const answer = await api.import(first, { ...key, "X-Checksum-Sha256": "0".repeat(64) });
      await expectProblem(answer, "checksum_mismatch");
    });

    it.each(['"unclosed', "a\u0001b", '""', "x".repeat(300)])("%j gives 400", async (bad) => {
      const answer = await api.import(first, { "Idempotency-Key": bad }).catch(() => null);
      if (answer === null) return; // The platform itself refuses to send such a header.
      expect(answer.status).toBe(400);
      await expectProblem(answer, "invalid_header");
    });
  });

  it("whose sender hangs up says `incomplete`, and sending again completes it", async () => {
    const all = personaLines(100, 9);
    let isFirst = true;
    const cut = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (isFirst) controller.enqueue(new TextEncoder().encode(all.slice(0, 50).join("\n")));
        else controller.error(new Error("the connection was lost"));
        isFirst = false;
      },
    });
    const answer = await api.import(cut, { "Idempotency-Key": "cut" });
    const problem = await expectProblem(answer, "body_incomplete");
    const report = await api.call(`/api/profiles/report?id=${String(problem["import_id"])}`);
    expect(await json(report)).toMatchObject({ state: "incomplete" });
    await reportOf(await api.import(all.join("\n"), { "Idempotency-Key": "cut" }), 200);
    expect(await api.count()).toBe(100);
  });

  it("takes every offset that RFC 3339 allows", async () => {
    const offsets = [
      "Z",
      "z",
      "+00:00",
      "-00:00",
      "+14:59",
      "+15:00",
      "-15:00",
      "+23:59",
      "-23:59",
    ];
    const body = personas(offsets.length).map((persona, index) =>
      JSON.stringify({ ...persona, created_at: `2026-01-01t10:00:00${offsets[index]}` }),
    );
    expect(await reportOf(await api.import(body.join("\n")), 200)).toMatchObject({ inserted: 9 });
    if (mode === "prototype") return;
    const { results } = await env.DB.prepare(
      "SELECT created_at FROM profiles ORDER BY profile_id",
    ).all();
    expect(results.map((row) => Number(row["created_at"]))).toEqual(
      offsets.map((offset) => Date.parse(`2026-01-01T10:00:00${offset.toUpperCase()}`)),
    );
  });

  it("explains the lines that its report has room for, and counts a hundred thousand more", async () => {
    const problem = await expectProblem(await api.import("{}\n".repeat(100_000)), "no_valid_lines");
    expect(problem).toMatchObject({ lines_invalid: 100_000, errors_truncated: true });
    expect(problem["errors_sample"]).toHaveLength(200);
  });

  it("never repeats a member's name that could be somebody's data", async () => {
    const body = first.replace(/^\{/, '{"jane.doe@example.org +49 170 1234567":1,');
    const problem = await expectProblem(await api.import(body), "no_valid_lines");
    expect(JSON.stringify(problem)).not.toContain("jane");
  });

  it("keeps its shard and notes in the report", async () => {
    const headers = { "X-Shard-Id": "7/19", "X-Import-Notes": "from the old store" };
    const report = await reportOf(await api.import(first, headers), 200);
    expect(report).toMatchObject({ shard_id: "7/19", notes: "from the old store" });
  });

  it("of a bulk file takes its personas and refuses kinds without a home", async () => {
    const records = personas(3, 4).map((persona) =>
      JSON.stringify({ record: "profile", ...persona }),
    );
    const body = await frame([...records, '{"record":"message","message_id":"msg_1"}'], {
      profile: 3,
      message: 1,
    });
    for (const path of ["/bulk/import", "/api/bulk/import"]) {
      const answer = await api.call(path, {
        method: "POST",
        body,
        headers: { "Content-Type": "application/x-ndjson" },
      });
      const report = await reportOf(answer, 207);
      expect(report).toMatchObject({ lines_total: 4, lines_valid: 3 });
      expect(report.errors_sample).toMatchObject([
        { line_no: 5, error_code: "unsupported_record" },
      ]);
    }
    expect(await api.count()).toBe(3);
  });

  it("of a bulk file with a broken frame stores nothing", async () => {
    const record = JSON.stringify({ record: "profile", ...personas(1)[0] });
    const whole = await frame([record], { profile: 1 });
    const broken = [
      record,
      whole.replace('"profiles_version":1', '"profiles_version":2'),
      whole.split("\n").slice(0, -1).join("\n"),
      whole.replace('"counts":{"profile":1}', '"counts":{"profile":2}'),
      whole.replace(/"sha256":"./, '"sha256":"_'),
      whole.replace('"gender":', '"gender": '),
      `${whole}\n${record}`,
    ];
    for (const body of broken) {
      const answer = await api.call("/api/bulk/import", {
        method: "POST",
        body,
        headers: { "Content-Type": "application/x-ndjson" },
      });
      expect(answer.status).toBe(422);
      await expectProblem(answer, "invalid_manifest");
    }
    await expectNothingStored();
  });
});

describe("an import whose copies KV refuses", () => {
  it("is stored, answered and reported as complete all the same", async () => {
    await emptyDatabase(env.DB);
    await Promise.all([env.IMPORT_REPORT_KV, env.IDEMPOTENCY_KV].map(emptyNamespace));
    const refusing = (kv: KVNamespace) =>
      new Proxy(kv, {
        get(target, name) {
          if (name === "put") return () => Promise.reject(new Error("KV PUT failed: 429"));
          const member: unknown = Reflect.get(target, name);
          return typeof member === "function" ? (member.bind(target) as unknown) : member;
        },
      });
    const api = await createApi("live", undefined, {
      IMPORT_REPORT_KV: refusing(env.IMPORT_REPORT_KV),
      IDEMPOTENCY_KV: refusing(env.IDEMPOTENCY_KV),
    });
    const key = { "Idempotency-Key": "k" };
    const report = await reportOf(await api.import(lines.join("\n"), key), 200);
    const again = await api.import(lines.join("\n"), key);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    const kept = await api.call(`/api/profiles/report?id=${report.import_id}`);
    expect(await json(kept)).toEqual(report);
  });
});

describe("the D1 statements of an import", () => {
  const statementsOf = async (lineCount: number) => {
    await emptyDatabase(env.DB);
    const { db, rowsRead } = countingDatabase(env.DB);
    const api = await createApi("live", ["profiles:import"], { DB: db });
    const body = personaLines(lineCount, 8).join("\n");
    // Making the token was entered in the audit log, which the isolate knows the end of since.
    const countBefore = rowsRead.length;
    const headers = { "Idempotency-Key": "counted", "Content-Length": String(utf8Length(body)) };
    await reportOf(await api.import(body, headers), 200);
    return rowsRead.length - countBefore;
  };

  // No lease is renewed while the clock stands still.
  beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
  afterEach(() => void vi.useRealTimers());

  // The log's: the entry, the note that it came from, and the new end.
  it("are seven for any body that fits one group, and three of the audit log: claim, opening, rows, report, replay, note, counter", async () => {
    expect(await statementsOf(1)).toBe(7 + 3);
    expect(await statementsOf(2_500)).toBe(7 + 3);
  });

  it("are two more for each further group of 3.5 MB", async () => {
    expect(await statementsOf(8_000)).toBe(7 + 3 + 2 * 2);
  });

  it("are no more than for one group for a shard of the command line", () => {
    expect(defaultMaxShardBytes).toBeLessThanOrEqual(maxGroupBytes);
  });
});

const utf8Length = (text: string) => new TextEncoder().encode(text).length;

/** A bulk file around `records`. */
async function frame(records: string[], counts: Record<string, number>): Promise<string> {
  const manifest = '{"record":"manifest","profiles_version":1,"meta_version":1}';
  const body = `${[manifest, ...records].join("\n")}\n`;
  const end = { record: "end", counts, sha256: await sha256Hex(body) };
  return body + JSON.stringify(end);
}
