/** The objects that limit callers. */
import type { Gatekeeper } from "../../src/gatekeeper/gatekeeper.ts";
import { env } from "./env.ts";

/** The namespace that the tests' Worker has. */
export function gatekeepers(): DurableObjectNamespace<Gatekeeper> {
  if (!env.GATEKEEPER) throw new Error("the tests' Worker has no GATEKEEPER");
  return env.GATEKEEPER;
}

/** The object of that name. */
export function gatekeeper(name: string): DurableObjectStub<Gatekeeper> {
  return gatekeepers().get(gatekeepers().idFromName(name));
}
