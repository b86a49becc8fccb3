import { inspect } from "node:util";
import { StoreError } from "@hi-stranger/core/errors";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { idsOf, rowOf } from "../../core/test/profile-rows.ts";
import { createClient } from "../src/client.ts";
import { errorOf } from "./support/error-of.ts";
import { type LocalStore, startLocalStore } from "./support/local-store.ts";

let local: LocalStore;
beforeAll(async () => {
  local = await startLocalStore();
});
afterAll(() => local.close());
beforeEach(() => local.empty());

const toBody = (...lines: string[]) => new TextEncoder().encode(lines.join("\n"));
const ndjson = { isGzip: false };
const rows = idsOf(5).map((id) => rowOf(id));
const lines = rows.map(({ line }) => line);

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
}

describe("reads", () => {
  test("give a persona with its revision, and null for none", async () => {
    await local.client.importProfiles(toBody(...lines), ndjson);
    const answer = await local.client.getProfile(idsOf(5)[2] ?? "", { isFresh: true });
    expect(answer?.profile).toEqual(JSON.parse(rows[2]?.line ?? ""));
    expect(answer?.rev).toBeGreaterThan(0);
    expect(await local.client.getProfile("usr_nobody")).toBeNull();
  });

  test("give pages, the count and the change feed as the contract has them", async () => {
    await local.client.importProfiles(toBody(...lines), ndjson);
    const first = await local.client.listProfiles({ limit: 3, fields: "id", language: "en" });
    expect(first.items).toEqual(idsOf(3).map((id) => ({ id })));
    expect(first.list_complete).toBe(false);
    const rest = await local.client.listProfiles({
      limit: 3,
      language: "en",
      cursor: first.next_cursor ?? "",
    });
    expect(rest.items).toEqual(rows.slice(3).map(({ line }) => JSON.parse(line)));
    expect(await local.client.countProfiles()).toBe(5);
    expect(await local.client.deleteProfile(idsOf(5)[0] ?? "")).toBe(true);
    expect(await local.client.deleteProfile(idsOf(5)[0] ?? "")).toBe(false);
    const { changes } = await local.client.listProfileChanges({ since_rev: 0, limit: 1000 });
    expect(changes.map((change) => change.deleted)).toEqual([false, false, false, false, true]);
  });

  test("export every record, byte for byte as it was stored", async () => {
    await local.client.importProfiles(toBody(...lines.toReversed()), ndjson);
    const text = await new Response(await local.client.exportProfiles()).text();
    expect(text).toBe(lines.map((line) => `${line}\n`).join(""));
  });

  test("export nothing from an empty store", async () => {
    expect(await new Response(await local.client.exportProfiles()).text()).toBe("");
  });

  test("say that the store is up", async () => {
    expect(await local.client.ping()).toMatchObject({ ok: true, env: "local", mode: "live" });
  });
});

describe("imports", () => {
  test("take bytes, a blob, a stream, and gzip with its checksum", async () => {
    const packed = await gzip(toBody(...lines));
    const bodies = [
      [toBody(...lines), {}],
      [new Blob([toBody(...lines)]), {}],
      [new Blob([toBody(...lines)]).stream(), {}],
      [packed, { isGzip: true, checksumSha256: await sha256(packed) }],
    ] as const;
    for (const [index, [body, options]] of bodies.entries()) {
      const answer = await local.client.importProfiles(body, {
        ...ndjson,
        ...options,
        shardId: `part-${index}`,
        notes: "a test",
      });
      expect(answer.status).toBe(200);
      expect(answer.report).toMatchObject({
        lines_valid: 5,
        shard_id: `part-${index}`,
        notes: "a test",
      });
      expect(await local.client.getImportReport(answer.report.import_id)).toEqual(answer.report);
    }
  });

  test("with a wrong line answer 207, with none right 422, each with the report", async () => {
    const some = await local.client.importProfiles(toBody(lines[0] ?? "", "{}"), ndjson);
    expect(some).toMatchObject({ status: 207, report: { lines_valid: 1, lines_invalid: 1 } });
    const none = await local.client.importProfiles(toBody("{}", "[]"), ndjson);
    expect(none).toMatchObject({ status: 422, report: { lines_invalid: 2, state: "refused" } });
    const whole = await local.client.importProfiles(toBody(lines[1] ?? "", "{}"), {
      ...ndjson,
      isAtomic: true,
    });
    expect(whole).toMatchObject({ status: 422, report: { lines_valid: 1, inserted: 0 } });
    expect(await local.client.countProfiles()).toBe(1);
  });

  test("with a key that was used give the first answer again, whatever it was", async () => {
    for (const body of [toBody(...lines), toBody(lines[0] ?? "", "{}"), toBody("{}")]) {
      const options = { ...ndjson, idempotencyKey: `"${body.length}"` };
      const first = await local.client.importProfiles(body, options);
      expect(first.isReplayed).toBe(false);
      expect(await local.client.importProfiles(body, options)).toEqual({
        ...first,
        isReplayed: true,
      });
    }
  });

  test("that fail are errors with the API's code, and store nothing", async () => {
    const body = toBody(...lines);
    const key = { ...ndjson, idempotencyKey: '"once"' };
    await local.client.importProfiles(toBody("{}"), key);
    const { importProfiles } = local.client;
    const failures = [
      ["idempotency_key_reused", () => importProfiles(body, key)],
      [
        "checksum_mismatch",
        () => importProfiles(body, { ...ndjson, checksumSha256: "0".repeat(64) }),
      ],
      ["invalid_gzip", () => importProfiles(body, { isGzip: true })],
      ["empty_body", () => importProfiles(toBody("\n\n"), ndjson)],
      ["invalid_header", () => importProfiles(body, { ...ndjson, idempotencyKey: '"' })],
    ] as const;
    for (const [code, fail] of failures) {
      const error = await errorOf(fail());
      expect(error.code).toBe(code);
      expect(error.status).toBe(error.httpStatus);
    }
    expect(await local.client.countProfiles()).toBe(0);
  });

  test("have no report under another id", async () => {
    expect(await local.client.getImportReport(`imp_${"0".repeat(26)}`)).toBeNull();
  });
});

describe("tokens", () => {
  test("open what their scopes say until they are revoked", async () => {
    const operator = createClient({ baseUrl: local.url, token: local.operatorSecret });
    const made = await operator.createToken({ name: "reader", scopes: ["profiles:read"] });
    const reader = createClient({ baseUrl: local.url, token: made.token });
    expect(await reader.countProfiles()).toBe(0);
    expect((await errorOf(reader.importProfiles(toBody(...lines), ndjson))).code).toBe(
      "scope_missing",
    );
    const { tokens } = await operator.listTokens();
    expect(tokens.map((token) => token.token_id)).toContain(made.token_id);
    expect(JSON.stringify(tokens)).not.toContain(made.token);
    expect(await operator.revokeToken(made.token_id)).toBe(true);
    expect(await operator.revokeToken(made.token_id)).toBe(false);
  });

  test("that are missing or wrong are refused by code", async () => {
    const without = createClient({ baseUrl: local.url });
    expect((await errorOf(without.countProfiles())).code).toBe("token_missing");
    const wrong = createClient({ baseUrl: local.url, token: `hst_${"0".repeat(43)}` });
    expect((await errorOf(wrong.countProfiles())).code).toBe("token_invalid");
  });

  test("are in no property of the client and in no error", async () => {
    const token = "hst_not-to-be-seen";
    const client = createClient({ baseUrl: local.url, token });
    const error = await errorOf(client.countProfiles());
    const unreachable = await errorOf(
      createClient({ baseUrl: "http://127.0.0.1:1", token }).ping(),
    );
    for (const value of [client, error, unreachable]) {
      expect(inspect(value, { depth: 20, showHidden: true })).not.toContain(token);
      expect(JSON.stringify(value)).not.toContain(token);
    }
  });
});

describe("failures", () => {
  test("to reach anyone are store_unavailable, without an HTTP status", async () => {
    const error = await errorOf(createClient({ baseUrl: "http://127.0.0.1:1" }).ping());
    expect(error).toBeInstanceOf(StoreError);
    expect([error.code, error.httpStatus]).toEqual(["store_unavailable", null]);
  });

  test("carry detail, members and how long to wait", async () => {
    const problem = {
      type: "/api/docs#problem-idempotency_in_progress",
      title: "still running",
      status: 409,
      code: "idempotency_in_progress",
      detail: "Try again in 7 s.",
      import_id: "imp_x",
    };
    const answer = async () =>
      Response.json(problem, {
        status: 409,
        headers: { "Content-Type": "application/problem+json", "Retry-After": "7" },
      });
    const error = await errorOf(createClient({ baseUrl: "", fetch: answer }).ping());
    expect(error).toMatchObject({
      code: "idempotency_in_progress",
      detail: "Try again in 7 s.",
      httpStatus: 409,
      retryAfterSeconds: 7,
      extra: { members: { import_id: "imp_x" } },
    });
    expect(error.extra.members).toEqual({ import_id: "imp_x" });
  });

  test.for([
    [200, "text/html", "<!doctype html>", "store_unavailable"],
    [200, "application/json", '{"total":', "store_unavailable"],
    [404, "text/html", "nothing here", "not_found"],
    [404, "application/json", '{"code":"no code of ours"}', "not_found"],
    [413, "text/plain", "too big", "body_too_large"],
    [502, "text/html", "bad gateway", "store_unavailable"],
    [500, "application/problem+json", "null", "store_unavailable"],
  ] as const)("of another server (%i, %s, %j) say so", async ([status, type, body, code]) => {
    const answer = async () => new Response(body, { status, headers: { "Content-Type": type } });
    const error = await errorOf(createClient({ baseUrl: "", fetch: answer }).countProfiles());
    expect([error.code, error.httpStatus]).toEqual([code, status]);
    expect(error.detail).toContain(`HTTP ${status}`);
  });

  test("of an export that breaks off reach its reader by code", async () => {
    const answer = async () =>
      new Response(
        new ReadableStream({
          pull: (controller) => controller.error(new TypeError("terminated")),
        }),
      );
    const stream = await createClient({ baseUrl: "", fetch: answer }).exportProfiles();
    expect((await errorOf(stream.getReader().read())).code).toBe("store_unavailable");
  });

  test("by the caller's own signal are the signal's reason", async () => {
    const reason = new Error("enough");
    const call = local.client.countProfiles({ signal: AbortSignal.abort(reason) });
    await expect(call).rejects.toBe(reason);
  });
});

test("a base address may have a path and a slash at its end", async () => {
  const urls: string[] = [];
  const answer = async (url: RequestInfo | URL) => {
    urls.push(url as string);
    return Response.json({ total: 3 });
  };
  const countAt = (baseUrl: string) => createClient({ baseUrl, fetch: answer }).countProfiles();
  expect(await countAt("https://store.example/eu/")).toBe(3);
  expect(await countAt("")).toBe(3);
  expect(urls).toEqual(["https://store.example/eu/api/profiles/count", "/api/profiles/count"]);
});
