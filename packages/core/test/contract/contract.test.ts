import type { TObject, TSchema } from "typebox";
import Value from "typebox/value";
import { describe, expect, test } from "vitest";
import { contract } from "../../src/contract/contract.ts";
import {
  importReportSchema,
  maxErrorsSample,
  maxImportBytes,
  maxUnpackedBytes,
} from "../../src/contract/imports.ts";
import { listFields, listProfiles } from "../../src/contract/profiles.ts";
import { isForPeople, ruleOf, scopes } from "../../src/contract/actions.ts";
import type { Route } from "../../src/contract/route.ts";
import { createToken } from "../../src/contract/service.ts";
import { isErrorCode } from "../../src/errors.ts";

const routes: readonly Route[] = contract;
const pathsOf = ({ path, aliases = [] }: Route) => [path, ...aliases];
const paramsIn = (path: string) => Array.from(path.matchAll(/\{(\w+)\}/g), (match) => match[1]);

/** The schema and all schemas inside it that describe objects. */
function* objectsIn(schema: TSchema | undefined): Generator<TSchema> {
  if (typeof schema !== "object" || schema === null) return;
  if ("properties" in schema) yield schema;
  for (const part of Object.values(schema as Record<string, unknown>)) {
    if (typeof part === "object" && part !== null) yield* objectsIn(part);
  }
}

test("no two routes share an id, and an id is one that code can use", () => {
  const ids = routes.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z][a-zA-Z]+$/);
});

test("no two routes answer one method at one path, aliases and parameters considered", () => {
  const places = routes.flatMap((route) =>
    pathsOf(route).map((path) => `${route.method} ${path.replaceAll(/\{\w+\}/g, "{}")}`),
  );
  expect(new Set(places).size).toBe(places.length);
});

test("the routes are those of the API's description", () => {
  const places = routes.flatMap((route) => pathsOf(route).map((path) => `${route.method} ${path}`));
  expect(places.toSorted()).toEqual([
    "DELETE /api/admin/roles/{person}/{role}",
    "DELETE /api/auth/sessions/{id}",
    "DELETE /api/profiles/item",
    "DELETE /api/tokens/{id}",
    "GET /api/admin/audit",
    "GET /api/admin/audit/checkpoints",
    "GET /api/admin/keys",
    "GET /api/admin/keys/rotations",
    "GET /api/admin/roles",
    "GET /api/auth/session",
    "GET /api/auth/sessions",
    "GET /api/me/personal-data",
    "GET /api/me/profiles",
    "GET /api/ping",
    "GET /api/profiles",
    "GET /api/profiles/changes",
    "GET /api/profiles/count",
    "GET /api/profiles/export",
    "GET /api/profiles/item",
    "GET /api/profiles/report",
    "GET /api/tokens",
    "POST /api/admin/keys/rotations",
    "POST /api/admin/keys/rotations/{id}/batches",
    "POST /api/admin/roles",
    "POST /api/auth/logout",
    "POST /api/auth/magic-link",
    "POST /api/auth/refresh",
    "POST /api/auth/verify",
    "POST /api/bulk/import",
    "POST /api/me/profiles",
    "POST /api/profiles/import",
    "POST /api/tokens",
    "POST /bulk/import",
    "PUT /api/me/personal-data",
  ]);
});

describe.each(routes.map((route) => ({ name: route.id, route })))("$name", ({ route }) => {
  test("has paths of plain segments below the root", () => {
    for (const path of pathsOf(route)) expect(path).toMatch(/^(?:\/(?:[a-z-]+|\{[a-z_]+\}))+$/);
  });

  test("declares each parameter of its path, and no other", () => {
    for (const path of pathsOf(route)) {
      expect(Object.keys(route.params?.properties ?? {}).toSorted()).toEqual(
        paramsIn(path).toSorted(),
      );
    }
    expect(route.params?.required ?? []).toEqual(paramsIn(route.path));
  });

  test("refuses what it doesn't know in its query, its parameters and its body", () => {
    const closed = [route.params, route.query, route.body?.schema];
    for (const schema of closed.flatMap((part) => [...objectsIn(part)])) {
      expect(schema).toMatchObject({ additionalProperties: false });
    }
  });

  test("says of everything it answers what it means, and of JSON what is in it", () => {
    expect(Object.keys(route.answers).length).toBeGreaterThan(0);
    for (const [status, answer] of Object.entries(route.answers)) {
      expect(answer.description).not.toBe("");
      const isEmpty = status === "204" || status === "304";
      const isJson = !isEmpty && (answer.contentType ?? "application/json") === "application/json";
      expect([status, answer.schema !== undefined]).toEqual([status, isJson]);
    }
  });

  test("answers success under the statuses that it declares, and problems under the others", () => {
    for (const status of Object.keys(route.answers).map(Number)) {
      expect(status === 304 || (status >= 200 && status < 300)).toBe(true);
    }
  });

  test("names each of its problems once, by a code that exists", () => {
    expect(route.errors.every(isErrorCode)).toBe(true);
    expect(new Set(route.errors).size).toBe(route.errors.length);
  });

  test("takes a body only where one belongs, with a cap", () => {
    const mayHaveBody = route.method === "POST" || route.method === "PUT";
    expect(route.body === undefined || mayHaveBody).toBe(true);
    const { maxBytes, maxUnpackedBytes, contentTypes } = route.body ?? {
      maxBytes: 1,
      maxUnpackedBytes: undefined,
      contentTypes: ["text/plain"],
    };
    expect(maxBytes).toBeGreaterThan(0);
    expect(maxUnpackedBytes ?? maxBytes).toBeGreaterThanOrEqual(maxBytes);
    for (const type of contentTypes) expect(type).toMatch(/^[a-z]+\/[a-z0-9.+-]+$/);
  });

  test("names an action with a rule, and no write but signing in is open to everyone", () => {
    const rule = ruleOf(route.action);
    expect(isForPeople(rule) || rule.isOpen || rule.scope !== undefined).toBe(true);
    const isOpen = rule.isOpen === true || rule.isOpenInPrototype === true;
    const isOpenWrite = isOpen && route.method !== "GET";
    expect(isOpenWrite).toBe(route.action === "session.begin");
  });

  test("names what it is about when some may call it for one thing of their own", () => {
    const { person, admin } = ruleOf(route.action);
    const isForOneThing = person === "own" && admin === "any";
    expect(route.resource !== undefined).toBe(isForOneThing);
    const { in: place = "query", name = "" } = route.resource ?? {};
    expect(new Set<string>(route[place]?.required ?? []).has(name)).toBe(isForOneThing);
  });

  test("tells what it does in one line", () => {
    expect(route.summary).toMatch(/^[A-Z][^\n]*[^.\n]$/);
  });
});

describe("limits", () => {
  test("are the ones of the API's description", () => {
    expect(maxImportBytes).toBe(50_000_000);
    expect(maxUnpackedBytes).toBe(200_000_000);
    expect(maxErrorsSample).toBe(200);
    const { limit } = listProfiles.query.properties;
    expect(limit).toMatchObject({ minimum: 1, maximum: 1000, default: 100 });
  });

  test.each([
    ["id", true],
    ["id,rev,profile", true],
    [listFields.join(","), true],
    ["", false],
    ["id,", false],
    [",id", false],
    ["id,,rev", false],
    ["id rev", false],
    ["ids", false],
    ["birthday", false],
    ["id\n", false],
  ])("a list's fields %j: %s", (fields, isValid) => {
    expect(Value.Check(listProfiles.query, { fields })).toBe(isValid);
  });

  test.each([
    ["Idempotency-Key", '"a key, quoted"', true],
    ["Idempotency-Key", "bare-token_1", true],
    ["Idempotency-Key", `"${"k".repeat(256)}"`, true],
    ["Idempotency-Key", "k".repeat(256), true],
    ["Idempotency-Key", `"${"k".repeat(257)}"`, false],
    ["Idempotency-Key", "k".repeat(257), false],
    ["Idempotency-Key", '""', false],
    ["Idempotency-Key", "", false],
    ["Idempotency-Key", '"half', false],
    ["Idempotency-Key", 'half"', false],
    ["Idempotency-Key", '"a"b"', false],
    ["Idempotency-Key", String.raw`"a\b"`, false],
    ["Idempotency-Key", "two words", false],
    ["Idempotency-Key", "ké", false],
    ["Idempotency-Key", "k\n", false],
    ["X-Checksum-Sha256", "0123456789abcdefABCDEF".padEnd(64, "0"), true],
    ["X-Checksum-Sha256", "0".repeat(63), false],
    ["X-Checksum-Sha256", "0".repeat(65), false],
    ["X-Checksum-Sha256", "g".repeat(64), false],
    ["X-Shard-Id", "3/12", true],
    ["X-Shard-Id", "x".repeat(129), false],
    ["X-Shard-Id", "", false],
    ["X-Import-Notes", "x".repeat(500), true],
    ["X-Import-Notes", "x".repeat(501), false],
    ["X-Import-Notes", "a\tb", false],
  ])("an import's header %s: %j: %s", (name, value, isValid) => {
    for (const id of ["importProfiles", "importBulk"]) {
      const route = routes.find((candidate) => candidate.id === id);
      expect(Value.Check(route?.headers as TObject, { [name]: value })).toBe(isValid);
    }
  });

  test.each([
    [{ name: "n", scopes: ["profiles:read"] }, true],
    [{ name: "n", scopes: [...scopes], ttl_seconds: 60 }, true],
    [{ name: "n", scopes: ["profiles:read"], ttl_seconds: 365 * 86_400 }, true],
    [{ name: "n", scopes: ["profiles:read"], ttl_seconds: 365 * 86_400 + 1 }, false],
    [{ name: "n", scopes: ["profiles:read"], ttl_seconds: 59 }, false],
    [{ name: "n", scopes: ["profiles:read", "profiles:read"] }, false],
    [{ name: "n", scopes: [] }, false],
    [{ name: "n", scopes: ["profiles:everything"] }, false],
    [{ name: "", scopes: ["profiles:read"] }, false],
    [{ name: "n".repeat(101), scopes: ["profiles:read"] }, false],
    [{ name: "n" }, false],
    [{ name: "n", scopes: ["profiles:read"], extra: 1 }, false],
  ])("a new token %j: %s", (body, isValid) => {
    expect(Value.Check(createToken.body.schema, body)).toBe(isValid);
  });
});

test("a report that says everything fits its schema", () => {
  const report = {
    import_id: "imp_0123456789abcdefghjkmnpqrs",
    state: "complete",
    started_at: "2026-01-02T03:04:05.678Z",
    finished_at: null,
    lines_total: 3,
    lines_valid: 2,
    lines_invalid: 1,
    inserted: 1,
    updated: 1,
    unchanged: 0,
    errors_sample: [
      { line_no: 2, status: 422, path: "", error_code: "json_parse_error", message: "is not" },
    ],
    errors_truncated: false,
    checksum_sha256: null,
    bytes_received: 10,
    shard_id: null,
    notes: null,
  };
  expect(Value.Check(importReportSchema, report)).toBe(true);
  for (const name of Object.keys(report)) {
    const { [name as keyof typeof report]: _, ...others } = report;
    expect(Value.Check(importReportSchema, others)).toBe(false);
  }
  expect(Value.Check(importReportSchema, { ...report, extra: 1 })).toBe(false);
});
