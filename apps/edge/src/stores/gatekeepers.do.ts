/**
 * `Gatekeeper` objects, found by the name of whom they are for. A question that isn't answered within
 * two seconds has failed; one that arrives after all takes tokens that nobody spends.
 */
import type { Gatekeeper } from "../gatekeeper/gatekeeper.ts";
import type { Gatekeepers } from "./gatekeeper-ports.ts";

const answerTimeoutMs = 2_000;

export interface GatekeeperOptions {
  readonly namespace: DurableObjectNamespace<Gatekeeper>;
  /** Where the objects must stay; null for anywhere, which is all that a local workerd knows. */
  readonly jurisdiction: DurableObjectJurisdiction | null;
}

export function createDurableGatekeepers(options: GatekeeperOptions): Gatekeepers {
  const { namespace, jurisdiction } = options;
  const objects = jurisdiction === null ? namespace : namespace.jurisdiction(jurisdiction);
  // A stub is broken by its first exception, so each question takes a new one.
  const find = (name: string) => objects.get(objects.idFromName(name));
  return {
    ask: (name, question) => withinTime(find(name).ask(question)),
    revoke: (name, revocation) => withinTime(find(name).revoke(revocation)),
  };
}

/** @throws when it takes longer than two seconds */
async function withinTime<Value>(answer: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("a Gatekeeper gave no answer")), answerTimeoutMs);
  });
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
