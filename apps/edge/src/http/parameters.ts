/** Query, path and header parameters, checked against a route's declaration. */
import { listViolations } from "@hi-stranger/core/schema/violations";
import { type ErrorCode, StoreError } from "@hi-stranger/core/errors";
import type { TObject } from "typebox";

/**
 * Turns the texts of parameters into the types that `schema` declares; defaults fill what is absent.
 *
 * @throws {StoreError} with `code`, naming the parameter.
 */
export function readParameters(
  schema: TObject,
  entries: Iterable<[string, string]>,
  code: ErrorCode = "invalid_parameter",
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, text] of entries) {
    if (Object.hasOwn(values, name)) {
      throw new StoreError(code, `\`${name}\` is given more than once.`);
    }
    Object.defineProperty(values, name, {
      value: toDeclaredType(schema.properties[name], text),
      enumerable: true,
    });
  }
  const [violation] = listViolations(schema, values);
  if (violation) {
    throw new StoreError(code, `\`${violation.path.slice(1)}\` ${violation.message}.`);
  }
  for (const [name, { default: value }] of Object.entries(
    schema.properties as Record<string, { default?: unknown }>,
  )) {
    if (value !== undefined && values[name] === undefined) values[name] = value;
  }
  return values;
}

function toDeclaredType(schema: object | undefined, text: string): unknown {
  const type = schema && "type" in schema ? schema.type : undefined;
  if (type === "integer" && /^-?\d{1,16}$/.test(text)) return Number(text);
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}

/** The headers that `schema` names, by those names. */
export function readHeaders(schema: TObject, headers: Headers): Record<string, unknown> {
  const entries: [string, string][] = [];
  for (const name of Object.keys(schema.properties)) {
    const value = headers.get(name);
    if (value !== null) entries.push([name, value]);
  }
  return readParameters(schema, entries, "invalid_header");
}
