import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createClient } from "../src/client.ts";
import { createOperatorClient } from "../src/operator-client.ts";
import { errorOf } from "./support/error-of.ts";
import { virtualPace } from "./support/import-file.ts";
import { type LocalStore, startLocalStore } from "./support/local-store.ts";

let local: LocalStore;
beforeAll(async () => {
  local = await startLocalStore();
});
afterAll(() => local.close());

const body = { name: "lost", scopes: ["profiles:read" as const] };

/** `fetch` that loses the answers to its first requests, after the store has carried them out. */
function losing(count: number) {
  const keys: (string | null)[] = [];
  const lossy: typeof fetch = async (input, init = {}) => {
    keys.push(new Headers(init.headers).get("Idempotency-Key"));
    const answer = await fetch(input, init);
    if (keys.length > count) return answer;
    await answer.body?.cancel();
    throw new TypeError("terminated");
  };
  return { fetch: lossy, keys };
}

/** `fetch` that gives one answer to all, and notes their keys. */
function answering(answer: () => Response) {
  const keys: (string | null)[] = [];
  const canned: typeof fetch = async (_input, init = {}) => {
    keys.push(new Headers(init.headers).get("Idempotency-Key"));
    return answer();
  };
  return { fetch: canned, keys };
}

const problem = (status: number, code: string, headers: Record<string, string> = {}) =>
  answering(() =>
    Response.json(
      { code, detail: "x" },
      { status, headers: { "Content-Type": "application/problem+json", ...headers } },
    ),
  );

describe("a request that is carried out once", () => {
  test("is sent again with its key when its answer got lost, and does nothing twice", async () => {
    const { pace, waitsMs } = virtualPace();
    const { fetch: lossy, keys } = losing(2);
    const options = { baseUrl: local.url, token: local.operatorSecret, fetch: lossy, pace };
    const operator = createOperatorClient(options);
    const rotation = await operator.startKeyRotation({ purpose: "dek" });
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^"[0-9a-f]{32}"$/);
    expect(waitsMs).toEqual([375, 750]);
    const { rotations } = await operator.listKeyRotations();
    expect(rotations.map(({ rotation_id }) => rotation_id)).toEqual([rotation.rotation_id]);
  });

  test("names the token that it made when nobody can be shown it any more", async () => {
    const { pace } = virtualPace();
    const { fetch: lossy } = losing(1);
    const options = { baseUrl: local.url, token: local.operatorSecret };
    const before = (await createClient(options).listTokens()).tokens.length;
    const lost = await errorOf(createClient({ ...options, fetch: lossy, pace }).createToken(body));
    expect([lost.code, lost.isReplayed]).toEqual(["answer_not_kept", true]);
    const { tokens } = await createClient(options).listTokens();
    expect(tokens.length).toBe(before + 1);
    expect(lost.extra.members).toEqual({ token_id: tokens[0]?.token_id });
    expect(lost.detail).toContain("Revoke it");
  });

  test("takes the caller's key, and a new one each time without", async () => {
    const { fetch: canned, keys } = answering(() => Response.json({}, { status: 201 }));
    const client = createClient({ baseUrl: "", fetch: canned });
    await client.createToken(body, { idempotencyKey: "my own" });
    await client.createToken(body);
    await client.createToken(body);
    expect(keys[0]).toBe('"my own"');
    expect(new Set(keys).size).toBe(3);
  });

  test.for([
    [503, "store_unavailable", {}, [375, 750, 1500]],
    [409, "idempotency_in_progress", { "Retry-After": "1" }, [1250, 1250, 1250]],
    [503, "store_unavailable", { "Retry-After": "60" }, []],
    [409, "answer_not_kept", {}, []],
    [409, "too_many_personas", {}, []],
    [422, "idempotency_key_reused", {}, []],
    [429, "rate_limited", { "Retry-After": "1" }, []],
    [500, "internal_error", {}, []],
    [501, "not_supported", {}, []],
  ] as const)("that is answered %i %s %j waits %j", async ([status, code, headers, waits]) => {
    const { pace, waitsMs } = virtualPace();
    const { fetch: canned, keys } = problem(status, code, headers);
    const client = createClient({ baseUrl: "", fetch: canned, pace });
    expect((await errorOf(client.createToken(body))).code).toBe(code);
    expect(waitsMs).toEqual(waits);
    expect(keys).toHaveLength(waits.length + 1);
  });

  test("that is aborted while it waits throws its signal's reason", async () => {
    const { fetch: canned, keys } = problem(503, "store_unavailable");
    const controller = new AbortController();
    const reason = new Error("enough");
    const pace = {
      ...virtualPace().pace,
      sleep: async (_ms: number, signal: AbortSignal) => {
        controller.abort(reason);
        signal.throwIfAborted();
      },
    };
    const client = createClient({ baseUrl: "", fetch: canned, pace });
    const call = client.createToken(body, { signal: controller.signal });
    await expect(call).rejects.toBe(reason);
    expect(keys).toHaveLength(1);
  });
});
