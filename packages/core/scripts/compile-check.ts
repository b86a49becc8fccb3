/**
 * Compiles a closed record schema to a plain function, for the import's hot path.
 *
 * TypeBox compiles too, but tests every member name against a regular expression; this takes a
 * quarter of the time and, for the price of some additions, tells how long the value is when
 * written compactly, which shows whether its text had room for a duplicate name (docs/adr/0003).
 * It knows just the keywords our schemas use and fails on any other. A property test holds it to
 * TypeBox's verdict.
 */

/** The part of JSON Schema (draft 2020-12) that records are written in. */
interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: unknown;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly format?: string;
}

const annotations = ["$schema", "$id", "title", "description"];

/** Declarations that go with a module of {@link compileCheck}. */
export function compileDeclaration(name: string): string {
  return `/**
 * Checks \`value\`, which comes from \`JSON.parse\`, against \`${name}\`.
 *
 * @returns -1 when it doesn't fit; else the length of its shortest JSON text in UTF-16 code units,
 *   as if no string needed an escape, or NaN when a number has more than one short spelling.
 */
export function compactLength(value: unknown): number;
`;
}

/** Source of a module that exports `compactLength(value)` for values that come from `JSON.parse`. */
export function compileCheck(name: string, schema: object, formatsModule: string): string {
  const functions: string[] = [];
  const entry = emitObject(toCamelCase(name), schema, functions);
  return `// Compiled from the schema of ${name} by \`npm run generate\`; do not edit.
import { codePointCount, isDate, isDateTime, isUri } from ${JSON.stringify(formatsModule)};

${functions.join("\n\n")}

export const compactLength = ${entry};
`;
}

/** Emits a function for one closed object and returns its name. */
function emitObject(name: string, schema: Schema, functions: string[]): string {
  assertKnown(name, schema, ["type", "properties", "required", "additionalProperties"]);
  if (schema.additionalProperties !== false || !schema.properties) {
    throw new Error(`${name}: a record's objects name their members and refuse all others`);
  }
  const required = new Set(schema.required);
  // Two braces, and for each member `"name":` and a comma, but for the last one.
  const lengthOf = (member: string) => member.length + 4;
  const fixedLength = [...required].reduce((sum, member) => sum + lengthOf(member), 1);
  const lines = [
    `function ${name}(value) {`,
    `  if (typeof value !== "object" || value === null || Array.isArray(value)) return -1;`,
    `  let known = ${required.size};`,
    `  let length = ${fixedLength};`,
  ];
  for (const [member, memberSchema] of Object.entries(schema.properties)) {
    const body = emitMember(`${name}${toCamelCase(`_${member}`)}`, memberSchema, functions);
    const isRequired = required.has(member);
    lines.push(`  {`, `    const member = value.${member};`);
    if (isRequired) lines.push(...body.map((line) => `    ${line}`));
    else {
      lines.push(
        `    if (member !== undefined) {`,
        `      known += 1;`,
        `      length += ${lengthOf(member)};`,
        ...body.map((line) => `      ${line}`),
        `    }`,
      );
    }
    lines.push(`  }`);
  }
  lines.push(
    `  let count = 0;`,
    `  for (const _ in value) count += 1;`,
    `  if (count !== known) return -1;`,
    // Without a member there is no comma to leave out.
    required.size > 0 ? `  return length;` : `  return known === 0 ? 2 : length;`,
    `}`,
  );
  functions.push(lines.join("\n"));
  return name;
}

/** Statements that check the local `member` and add to `length`. */
function emitMember(path: string, schema: Schema, functions: string[]): string[] {
  if (schema.type === "object") {
    const check = emitObject(path, schema, functions);
    return [
      `const memberLength = ${check}(member);`,
      `if (memberLength < 0) return -1;`,
      `length += memberLength;`,
    ];
  }
  if (schema.type === "array" && schema.items) {
    return [
      `if (!(${toListCondition("member", path, schema, schema.items)})) return -1;`,
      `length += member.length === 0 ? 2 : member.length + 1;`,
      `for (const item of member) {`,
      `  if (!(${toCondition("item", path, schema.items)})) return -1;`,
      `  length += ${toLength("item", schema.items)};`,
      `}`,
    ];
  }
  return [
    `if (!(${toCondition("member", path, schema)})) return -1;`,
    `length += ${toLength("member", schema)};`,
  ];
}

/** A boolean expression that holds when `local` is a list of an allowed size, whatever its items. */
function toListCondition(local: string, path: string, schema: Schema, items: Schema): string {
  assertKnown(path, schema, ["type", "items", "minItems", "maxItems", "uniqueItems"]);
  const parts = [`Array.isArray(${local})`, `${local}.length >= ${schema.minItems ?? 0}`];
  if (schema.maxItems !== undefined) parts.push(`${local}.length <= ${schema.maxItems}`);
  if (schema.uniqueItems === true) {
    // A set tells values apart as JSON Schema does when they are strings; others fail below.
    if (!items.enum && items.type !== "string") {
      throw new Error(`${path}: uniqueItems has no rule but for strings`);
    }
    parts.push(`new Set(${local}).size === ${local}.length`);
  }
  return parts.join(" && ");
}

/**
 * An expression for the length of `local`'s JSON text without escapes. Numbers of three digits and
 * more are NaN: they may have a spelling just as short (`1e2`), which is not the one to keep, or a
 * shorter one (`1e9`), which would leave room for other things.
 */
function toLength(local: string, schema: Schema): string {
  if (schema.anyOf) return `(${local} === null ? 4 : ${local}.length + 2)`;
  if (schema.enum ?? schema.const ?? schema.type === "string") return `${local}.length + 2`;
  if (schema.type === "boolean") return `(${local} ? 4 : 5)`;
  if (schema.type === "integer" && schema.minimum !== undefined && schema.minimum >= 0) {
    if ((schema.maximum ?? Number.POSITIVE_INFINITY) < 10) return "1";
    return `(${local} < 10 ? 1 : ${local} < 100 ? 2 : NaN)`;
  }
  return "NaN";
}

/** A boolean expression over the local variable `local`. */
function toCondition(local: string, path: string, schema: Schema): string {
  if (schema.anyOf) {
    const [text, nothing, ...others] = schema.anyOf;
    if (text?.type !== "string" || nothing?.type !== "null" || others.length > 0) {
      throw new Error(`${path}: the only choice of types with a rule is a string or null`);
    }
    return `${local} === null || (${toCondition(local, path, text)})`;
  }
  const values = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  if (values) {
    if (values.some((value) => typeof value !== "string" || /["\\]/.test(value))) {
      throw new Error(`${path}: fixed values are strings that need no escapes`);
    }
    return values.map((value) => `${local} === ${JSON.stringify(value)}`).join(" || ");
  }
  switch (schema.type) {
    case "string":
      return toStringCondition(local, path, schema);
    case "number":
    case "integer": {
      assertKnown(path, schema, ["type", "minimum", "maximum"]);
      const isKind = schema.type === "integer" ? "isInteger" : "isFinite";
      const bounds = [`Number.${isKind}(${local})`];
      if (schema.minimum !== undefined) bounds.push(`${local} >= ${schema.minimum}`);
      if (schema.maximum !== undefined) bounds.push(`${local} <= ${schema.maximum}`);
      return bounds.join(" && ");
    }
    case "boolean":
      return `typeof ${local} === "boolean"`;
    default:
      throw new Error(`${path}: no rule for the type ${String(schema.type)}`);
  }
}

const formatChecks: Record<string, string> = {
  date: "isDate",
  "date-time": "isDateTime",
  uri: "isUri",
};

function toStringCondition(local: string, path: string, schema: Schema): string {
  assertKnown(path, schema, ["type", "minLength", "maxLength", "pattern", "format"]);
  const parts = [`typeof ${local} === "string"`];
  const { minLength, maxLength, pattern, format } = schema;
  if (minLength !== undefined) {
    if (minLength > 1) throw new Error(`${path}: minLength above 1 has no rule`);
    if (minLength === 1) parts.push(`${local} !== ""`);
  }
  if (maxLength !== undefined) {
    parts.push(`(${local}.length <= ${maxLength} || codePointCount(${local}) <= ${maxLength})`);
  }
  if (pattern !== undefined) parts.push(`/${pattern}/u.test(${local})`);
  if (format !== undefined) {
    const check = formatChecks[format];
    if (check === undefined) throw new Error(`${path}: no rule for the format ${format}`);
    parts.push(`${check}(${local})`);
  }
  return parts.join(" && ");
}

function assertKnown(path: string, schema: Schema, keywords: readonly string[]): void {
  for (const keyword of Object.keys(schema)) {
    if (!keywords.includes(keyword) && !annotations.includes(keyword)) {
      throw new Error(`${path}: the keyword ${keyword} has no rule`);
    }
  }
}

function toCamelCase(name: string): string {
  return name.replace(/[_.]([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
