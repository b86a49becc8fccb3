/**
 * The contract as an OpenAPI 3.1 document, whose schemas are JSON Schema 2020-12 as ours are.
 */
import { type ErrorCode, errorKindsByCode } from "../errors.ts";
import { version } from "../version.ts";
import { type ActionRule, isForPeople, ruleOf } from "./actions.ts";
import { errorsOfRepeat, headersOf, tellRepeat } from "./idempotency.ts";
import type { Route } from "./route.ts";

/** Codes that any route may answer with. */
export const commonErrors = [
  "invalid_parameter",
  "https_required",
  "rate_limited",
  "access_blocked",
  "internal_error",
  "store_unavailable",
] as const;

interface ParameterSchema {
  readonly description?: string;
}

/** The codes that `route` may answer with, its own first. */
export function errorsOf(route: Route): ErrorCode[] {
  const origin: ErrorCode[] = route.method === "GET" ? [] : ["foreign_origin"];
  const access = [...errorsOfRule(ruleOf(route.action)), ...(mayNeedCsrf(route) ? csrfErrors : [])];
  const own = [...route.errors, ...errorsOfRepeat(route)];
  return [...new Set<ErrorCode>([...own, ...access, ...origin, ...commonErrors])];
}

const csrfErrors: readonly ErrorCode[] = ["csrf_token_invalid"];

/** Whether a person's request needs the token of their page. */
export function mayNeedCsrf({ action, method }: Route): boolean {
  return method !== "GET" && isForPeople(ruleOf(action));
}

function errorsOfRule(rule: ActionRule): ErrorCode[] {
  if (rule.isOpen) return ["token_invalid"];
  const people: ErrorCode[] = isForPeople(rule) ? ["persona_not_yours"] : [];
  if (rule.person === undefined) people.push("role_missing");
  return rule.scope === undefined && !rule.operator
    ? ["session_missing", "token_invalid", ...people]
    : ["token_missing", "token_invalid", "token_expired", "scope_missing", ...people];
}

/** Makes the document for `routes`. It is plain JSON. */
export function toOpenApi(routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    for (const path of [route.path, ...(route.aliases ?? [])]) {
      const isAlias = path !== route.path;
      paths[path] ??= {};
      paths[path][route.method.toLowerCase()] = toOperation(route, isAlias);
    }
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Hi Stranger",
      version,
      summary: "A private data store for pseudonymous chat",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    paths,
    components: {
      securitySchemes: {
        token: { type: "http", scheme: "bearer" },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "__Host-hs_session",
          description:
            "Of a person who signed in. Unsafe methods take the header `X-CSRF-Token` too.",
        },
      },
      schemas: { Problem: problemSchema },
    },
  };
}

const problemSchema = {
  type: "object",
  description: "RFC 9457. Some codes add members, such as an import's report.",
  required: ["type", "title", "status", "code", "detail"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    code: { enum: Object.keys(errorKindsByCode) },
    detail: { type: "string" },
  },
};

function toOperation(route: Route, isAlias: boolean): object {
  return {
    operationId: isAlias ? `${route.id}Alias` : route.id,
    summary: route.summary,
    ...toDescription(route),
    ...(isAlias ? { deprecated: true } : {}),
    parameters: [
      ...toParameters("path", route.params),
      ...toParameters("query", route.query),
      ...toParameters("header", headersOf(route)),
    ],
    ...(route.body ? { requestBody: toRequestBody(route.body) } : {}),
    responses: { ...toAnswers(route), ...toProblems(route) },
    ...toSecurity(ruleOf(route.action)),
  };
}

function toDescription(route: Route): object {
  const told = [route.description, tellRepeat(route)].filter((text) => text !== undefined);
  return told.length === 0 ? {} : { description: told.join(" ") };
}

function toParameters(place: "path" | "query" | "header", schema: Route["query"]): object[] {
  if (!schema) return [];
  const required = new Set<string>(schema.required ?? []);
  return Object.entries(schema.properties as Record<string, ParameterSchema>).map(
    ([name, { description, ...rest }]) => ({
      name,
      in: place,
      required: place === "path" || required.has(name),
      ...(description === undefined ? {} : { description }),
      schema: rest,
    }),
  );
}

function toRequestBody(body: NonNullable<Route["body"]>): object {
  const description = `At most ${body.maxBytes} bytes${
    body.maxUnpackedBytes === undefined ? "" : `, ${body.maxUnpackedBytes} once unpacked`
  }.`;
  const content = Object.fromEntries(
    body.contentTypes.map((type) => [type, body.schema ? { schema: body.schema } : {}]),
  );
  return { required: body.isOptional !== true, description, content };
}

function toAnswers(route: Route): Record<string, object> {
  return Object.fromEntries(
    Object.entries(route.answers).map(([status, { description, contentType, schema }]) => [
      status,
      {
        description,
        ...(schema ? { content: { "application/json": { schema } } } : {}),
        ...(contentType === undefined ? {} : { content: { [contentType]: {} } }),
      },
    ]),
  );
}

function toProblems(route: Route): Record<string, object> {
  const codesByStatus = Map.groupBy(errorsOf(route), (code) => errorKindsByCode[code].status);
  return Object.fromEntries(
    [...codesByStatus].map(([status, codes]) => [
      String(status),
      {
        description: codes.map((code) => `\`${code}\`: ${errorKindsByCode[code].title}.`).join(" "),
        content: {
          "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
        },
      },
    ]),
  );
}

/** The ways to be let in, of which one is enough. */
function toSecurity(rule: ActionRule): object {
  if (rule.isOpen) return { security: [] };
  const byToken = rule.scope === undefined && !rule.operator ? [] : [{ token: scopesOf(rule) }];
  return { security: [...byToken, ...(isForPeople(rule) ? [{ session: [] }] : [])] };
}

const scopesOf = ({ scope }: ActionRule) => (scope === undefined ? [] : [scope]);
