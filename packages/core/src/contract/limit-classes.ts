/**
 * What a request counts as where the requests of one caller are limited. A route names its class;
 * one that names none is told by what it does. The limits themselves are the edge's configuration.
 */
import { ruleOf } from "./actions.ts";
import type { Route } from "./route.ts";

export const limitClasses = ["read", "write", "sign_in", "import", "export", "admin"] as const;
export type LimitClass = (typeof limitClasses)[number];

/** The class that the route names; else `admin` for what people and services may not do, `read` for GET, and `write`. */
export function limitClassOf({ limit, action, method }: Route): LimitClass {
  if (limit) return limit;
  const { isOpen, scope, person } = ruleOf(action);
  if (!isOpen && scope === undefined && person === undefined) return "admin";
  return method === "GET" ? "read" : "write";
}
