/** The application under test, in either mode, with a caller's token. */
import { toHex } from "@hi-stranger/core/codec/bytes";
import { contract } from "@hi-stranger/core/contract/contract";
import { type ImportReport, importReportSchema } from "@hi-stranger/core/contract/imports";
import type { Route } from "@hi-stranger/core/contract/route";
import { listViolations } from "@hi-stranger/core/schema/violations";
import type { Scope } from "@hi-stranger/core/contract/actions";
import { expect } from "vitest";
import { createApp } from "../../src/app.ts";
import type { Env } from "../../src/env.ts";
import { env } from "./env.ts";

export const modes = ["live", "prototype"] as const;
export type Mode = (typeof modes)[number];

const origin = "https://hi.example";

export interface Api {
  readonly mode: Mode;
  /** Sends a request with the caller's token. */
  call(path: string, init?: RequestInit): Promise<Response>;
  /** Sends a request as it is. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  import(
    body: BodyInit | null,
    headers?: Record<string, string>,
    query?: string,
  ): Promise<Response>;
  count(): Promise<number>;
}

/** Starts the application with `overrides` of its bindings and a token of `scopes`. */
export async function createApi(
  mode: Mode,
  scopes: readonly Scope[] = ["profiles:read", "profiles:import", "profiles:delete"],
  overrides: Partial<Env> = {},
): Promise<Api> {
  const app = createApp({ ...env, HS_MODE: mode, ...overrides });
  const fetchApp = (path: string, init?: RequestInit) =>
    app.fetch(new Request(new URL(path, origin), init));
  const token =
    mode === "prototype"
      ? env.OPERATOR_SECRET
      : await makeToken(fetchApp, { name: "test", scopes });
  const call = (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set("Authorization", `Bearer ${token}`);
    return fetchApp(path, { ...init, headers });
  };
  return {
    mode,
    call,
    fetch: fetchApp,
    import: (body, headers = {}, query = "") =>
      call(`/api/profiles/import${query}`, {
        method: "POST",
        body,
        headers: { "Content-Type": "application/x-ndjson", ...headers },
      }),
    async count() {
      const { total } = await json<{ total: number }>(await call("/api/profiles/count"));
      return total;
    },
  };
}

/** Makes a token as the operator. */
export async function makeToken(
  fetchApp: Api["fetch"],
  request: { name: string; scopes: readonly Scope[]; ttl_seconds?: number },
): Promise<string> {
  const answer = await fetchApp("/api/tokens", {
    method: "POST",
    headers: {
      Authorization: `Bearer ${env.OPERATOR_SECRET}`,
      "Content-Type": "application/json",
    },
    body: JSON.stringify(request),
  });
  expect(answer.status).toBe(201);
  return (await json<{ token: string }>(answer)).token;
}

export async function json<Body = Record<string, unknown>>(answer: Response): Promise<Body> {
  return (await answer.json()) as Body;
}

/** An answer's NDJSON. Not by `text()`: workerd warns of that, as it doesn't know the type for text. */
export async function ndjson(answer: Response): Promise<string> {
  return new TextDecoder().decode(await answer.arrayBuffer());
}

/** The report in an answer, checked against the contract. */
export async function reportOf(answer: Response, status: number): Promise<ImportReport> {
  const report = await json<ImportReport>(answer);
  expect({ status: answer.status, report }).toMatchObject({ status });
  expect(listViolations(importReportSchema, report)).toEqual([]);
  return report;
}

/** Expects a problem document of `code`, and gives it back. */
export async function expectProblem(
  answer: Response,
  code: string,
): Promise<Record<string, unknown>> {
  const problem = await json(answer);
  expect(problem).toMatchObject({ code, status: answer.status });
  expect(answer.headers.get("Content-Type")).toContain("application/problem+json");
  return problem;
}

/** All routes, for tests that go through them. */
export const routes = contract;

/** A route's path with parameters that are well-formed and name nothing. */
export function pathOf({ path }: Pick<Route, "path">): string {
  const prefix = path.includes("/sessions/") ? "sgn" : path.includes("/rotations/") ? "rot" : "tok";
  const id = "0".repeat(26);
  return path
    .replace("{id}", `${prefix}_${id}`)
    .replace("{person}", `psn_${id}`)
    .replace("{role}", "admin");
}

export async function sha256Hex(body: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

export async function gzip(
  content: string | ReadableStream<Uint8Array>,
): Promise<Uint8Array<ArrayBuffer>> {
  const source = typeof content === "string" ? chunked([content]) : content;
  const stream = source.pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** A body that arrives in parts and without a length. */
export function chunked(parts: Iterable<Uint8Array | string>): ReadableStream<Uint8Array> {
  const iterator = parts[Symbol.iterator]();
  const encoder = new TextEncoder();
  return new ReadableStream({
    pull(controller) {
      const { done, value } = iterator.next();
      if (done) controller.close();
      else controller.enqueue(typeof value === "string" ? encoder.encode(value) : value);
    },
  });
}
