/**
 * Why a value doesn't fit a schema, in the form of an import report.
 *
 * This is the slow path: only values that failed the compiled check come here. Messages name the
 * place and the rule, never the value, so a report can't leak what somebody typed.
 */
import type { TSchema } from "typebox";
import Value from "typebox/value";
import { registerFormats } from "./formats.ts";

/** One broken rule. */
export interface Violation {
  /** JSON Pointer (RFC 6901) to the place, cut to 200 characters; empty for the whole value. */
  readonly path: string;
  /** The failing keyword in snake case: `required`, `enum`, `max_length`, … */
  readonly errorCode: string;
  /** A sentence for the person who has to mend it. */
  readonly message: string;
}

/** Most violations told for one value. */
const maxViolations = 5;
const maxPathLength = 200;

/** Keywords that only repeat what more exact ones before them said. */
const echoes = new Set(["anyOf", "additionalProperties"]);

registerFormats();

/** Lists what is wrong with `value`, first things first; empty when it fits. */
export function listViolations(schema: TSchema, value: unknown): Violation[] {
  const violations: Violation[] = [];
  for (const { keyword, instancePath, params, message } of Value.Errors(schema, value)) {
    // Of several at one place, the first is told.
    if (echoes.has(keyword) || violations.at(-1)?.path === instancePath) continue;
    const errorCode = toSnakeCase(keyword);
    const { requiredProperties, allowedValues } = params as {
      requiredProperties?: string[];
      allowedValues?: unknown[];
    };
    if (keyword === "boolean") {
      // What a closed object doesn't know meets the schema `false`.
      const path = withoutForeignName(instancePath);
      if (violations.at(-1)?.path === path) continue;
      violations.push(toViolation(path, "additional_properties", "is not a known field"));
    } else if (requiredProperties) {
      for (const name of requiredProperties) {
        const path = `${instancePath}/${escapeToken(name)}`;
        violations.push(toViolation(path, errorCode, "is required"));
      }
    } else if (allowedValues) {
      violations.push(
        toViolation(instancePath, errorCode, `must be one of ${allowedValues.join(", ")}`),
      );
    } else {
      violations.push(toViolation(instancePath, errorCode, message));
    }
    if (violations.length >= maxViolations) break;
  }
  return violations.slice(0, maxViolations);
}

/**
 * The path of an unknown member, or of the object that has it when its name isn't one that a
 * programmer would give: somebody may have put personal data there.
 */
function withoutForeignName(path: string): string {
  const end = path.lastIndexOf("/");
  return /^[A-Za-z_]\w{0,39}$/.test(path.slice(end + 1)) ? path : path.slice(0, end);
}

function toViolation(path: string, errorCode: string, message: string): Violation {
  return { path: path.slice(0, maxPathLength), errorCode, message };
}

function toSnakeCase(keyword: string): string {
  return keyword.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function escapeToken(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
