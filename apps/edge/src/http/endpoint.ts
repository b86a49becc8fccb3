/** From a declared route and its handler to a function of a request: check, authorise, call, answer. */
import type { Action } from "@hi-stranger/core/contract/actions";
import type {
  BodyOf,
  ParamsOf,
  QueryOf,
  RequestBody,
  Route,
} from "@hi-stranger/core/contract/route";
import { StoreError } from "@hi-stranger/core/errors";
import { listViolations } from "@hi-stranger/core/schema/violations";
import { headersOf } from "@hi-stranger/core/contract/idempotency";
import type { Context } from "../context.ts";
import { type Resource, type Setting, decide, isByPower } from "../policy/access.ts";
import type { Principal } from "../policy/principal.ts";
import { admit, admitPage, noteFailure } from "./admit.ts";
import { audited, noteRefusal } from "./audited.ts";
import { once } from "./once.ts";
import { readHeaders, readParameters } from "./parameters.ts";

/**
 * What a handler gets: everything checked and typed by the route's declaration.
 *
 * `in out` says that calls of different routes don't stand in for each other. Left to find that out
 * by comparing their schemas, the compiler takes ten times as long.
 */
export interface Call<in out R extends Route> {
  readonly request: Request;
  readonly context: Context;
  readonly principal: Principal;
  readonly query: QueryOf<R>;
  readonly params: ParamsOf<R>;
  /** The declared headers that were sent, by their declared names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: BodyOf<R>;
  /** Whether the caller may do something else too, for answers that depend on it. */
  readonly may: (action: Action, resource: Resource) => boolean;
}

export type Handler<R extends Route> = (call: Call<R>) => Promise<Response>;

/** Adds to an answer what can't be kept for repeats, such as cookies: to the first and to each repeat's. */
export type Finish<R extends Route> = (answer: Response, call: Call<R>) => Promise<void>;

export interface Endpoint {
  readonly route: Route;
  handle(request: Request, context: Context, params: Record<string, string>): Promise<Response>;
}

/** Ties a handler to its route. */
export function endpoint<R extends Route>(
  route: R,
  handler: Handler<R>,
  finish?: Finish<R>,
): Endpoint {
  const work = { route, handler, finish };
  return {
    route,
    async handle(request, context, params) {
      const principal = await admit(route, request, context);
      try {
        return await answer(work, { request, context, principal, params });
      } catch (error) {
        await noteFailure(error, principal, request, context);
        throw error;
      }
    },
  };
}

interface Admitted {
  readonly request: Request;
  readonly context: Context;
  readonly principal: Principal;
  readonly params: Record<string, string>;
}

interface Work<R extends Route> {
  readonly route: R;
  readonly handler: Handler<R>;
  readonly finish: Finish<R> | undefined;
}

async function answer<R extends Route>(
  { route, handler, finish }: Work<R>,
  { request, context, principal, params }: Admitted,
): Promise<Response> {
  const setting = { ...context, nowMs: context.clock.now() };
  const caller = { route, context, principal, setting };
  // First without the parameters: who may do nothing of the kind learns nothing about them.
  await authorise(caller, null);
  const url = new URL(request.url);
  const query = (route.query ? readParameters(route.query, url.searchParams) : {}) as QueryOf<R>;
  const named = (
    route.params ? readParameters(route.params, Object.entries(params)) : {}
  ) as ParamsOf<R>;
  const resource = resourceOf(route, { query, params: named });
  await authorise(caller, resource);
  await admitPage({ route, principal, request, context }, query);
  let isPrivileged = isByPower(principal, route.action, resource, setting);
  const may = (action: Action, what: Resource): boolean => {
    const { isAllowed } = decide(principal, action, what, setting);
    // What the answer shows by a power is a use of it too.
    if (isAllowed && isByPower(principal, action, what, setting)) isPrivileged = true;
    return isAllowed;
  };
  return audited({ route, context, principal, isPrivileged: () => isPrivileged }, async () => {
    const headers = readDeclaredHeaders(route, request);
    const body = (await readBody(route.body, request)) as BodyOf<R>;
    const call = { request, context, principal, query, params: named, headers, body, may };
    const given = await once(route, call, () => handler(call));
    await finish?.(given, call);
    return given;
  });
}

/** @throws {StoreError} `invalid_header` */
function readDeclaredHeaders(route: Route, request: Request): Record<string, string | undefined> {
  const declared = headersOf(route);
  if (!declared) return {};
  return readHeaders(declared, request.headers) as Record<string, string | undefined>;
}

interface Caller {
  readonly route: Route;
  readonly context: Context;
  readonly principal: Principal;
  readonly setting: Setting;
}

/** @throws {StoreError} with the reason of a refusal. */
async function authorise(caller: Caller, resource: Resource): Promise<void> {
  const { route, principal, setting } = caller;
  const decision = decide(principal, route.action, resource, setting);
  if (decision.isAllowed) return;
  await noteRefusal(caller, decision.code);
  throw new StoreError(decision.code, decision.detail);
}

/** What the request is about, as the route declares it. */
function resourceOf(
  { resource }: Route,
  given: { readonly query: object; readonly params: object },
): Resource {
  if (!resource) return null;
  const value: unknown = Object.entries(given[resource.in]).find(
    ([name]) => name === resource.name,
  )?.[1];
  if (typeof value !== "string") throw new TypeError(`the route has no ${resource.name}`);
  return { kind: resource.kind, profileId: value };
}

/** Checks the type of a body, and reads it when it is JSON. Other bodies are streamed by their handler. */
async function readBody(declared: RequestBody | undefined, request: Request): Promise<unknown> {
  if (!declared) return undefined;
  if (declared.isOptional && !request.headers.has("Content-Type")) return undefined;
  const type = contentTypeOf(request);
  if (!declared.contentTypes.includes(type)) {
    throw new StoreError(
      "unsupported_media_type",
      `Send the body as ${declared.contentTypes.join(" or ")}.`,
      { headers: { Accept: declared.contentTypes.join(", ") } },
    );
  }
  if (Number(request.headers.get("Content-Length") ?? 0) > declared.maxBytes) {
    throw new StoreError("body_too_large", `A body has ${declared.maxBytes} bytes at most.`);
  }
  return declared.schema ? readJson(declared, request) : undefined;
}

/** The media type of the body, without parameters, in lower case. */
export function contentTypeOf(request: Request): string {
  return (request.headers.get("Content-Type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}

async function readJson(declared: RequestBody, request: Request): Promise<unknown> {
  const text = await readText(request, declared.maxBytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new StoreError("invalid_body", "The body is not a JSON text.");
  }
  if (!declared.schema) return value;
  const [violation] = listViolations(declared.schema, value);
  if (violation) {
    throw new StoreError("invalid_body", `\`${violation.path || "/"}\` ${violation.message}.`);
  }
  return value;
}

async function readText(request: Request, maxBytes: number): Promise<string> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let byteLength = 0;
  const stream: ReadableStream<Uint8Array<ArrayBuffer>> | null = request.body;
  for await (const part of stream ?? []) {
    byteLength += part.byteLength;
    if (byteLength > maxBytes) {
      throw new StoreError("body_too_large", `A body has ${maxBytes} bytes at most.`);
    }
    parts.push(part);
  }
  return new TextDecoder().decode(await new Blob(parts).arrayBuffer());
}
