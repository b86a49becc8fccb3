/** Builds the gate that requests pass. */
import { waitUntil } from "cloudflare:workers";
import type { Clock } from "@hi-stranger/core/clock";
import { StoreError } from "@hi-stranger/core/errors";
import { openKeyring } from "./app-identity.ts";
import type { Env } from "./env.ts";
import type { Breach } from "./gatekeeper/messages.ts";
import { logBreach, logSilence } from "./http/log.ts";
import { readLimits } from "./policy/limits.ts";
import type { AuditLog, AuditSubject } from "./services/audit.ts";
import { type Gate, createGate } from "./services/gate.ts";
import type { LimitSubject } from "./services/limit-callers.ts";
import { createSubjectNames } from "./services/limit-subjects.ts";
import { createDurableGatekeepers } from "./stores/gatekeepers.do.ts";

/**
 * Builds it; null without the binding or the keyring, when nothing is limited.
 *
 * @throws {StoreError} `store_unavailable` when `RATE_LIMITS` is wrong
 */
export function createGateOf(env: Env, clock: Clock, audit: AuditLog): Gate | null {
  const { HS_ENV: environment, GATEKEEPER: namespace } = env;
  const limits = readLimits(env.RATE_LIMITS);
  const keyring = openKeyring(env.KEYRING);
  if (!namespace || keyring instanceof StoreError) return null;
  return createGate({
    gatekeepers: createDurableGatekeepers({
      namespace,
      jurisdiction: env.OBJECT_JURISDICTION ?? null,
    }),
    names: createSubjectNames({ environment, keyring, subtle: crypto.subtle }),
    limits,
    clock,
    defer: waitUntil,
    onBreach: (subject, name, breach) => enterBreach(audit, clock, { subject, name, breach }),
    onSilence: logSilence,
  });
}

interface Breached {
  readonly subject: LimitSubject;
  readonly name: string;
  readonly breach: Breach;
}

async function enterBreach(audit: AuditLog, clock: Clock, breached: Breached): Promise<void> {
  const { subject, name, breach } = breached;
  logBreach({ tier: subject.tier, signal: breach.signal, kind: breach.kind });
  if (breach.kind !== "blocked") return;
  await audit.append({
    actor: { kind: "system" },
    action: "access.blocked",
    subject: toAuditSubject(subject, name),
    outcome: "done",
    detail: {
      code: "access_blocked",
      seconds: Math.max(0, Math.ceil((breach.untilMs - clock.now()) / 1000)),
    },
  });
}

/** The log makes its own pseudonym of it; of networks, one that changes daily with the name. */
function toAuditSubject({ kind, id }: LimitSubject, name: string): AuditSubject | null {
  switch (kind) {
    case "network":
    case "attempts":
    case "mail":
      return { kind: "address", id: name };
    case "person":
    case "session":
    case "token":
      return { kind, id };
    case "operator":
    case "deployment":
      return null;
    default:
      return kind satisfies never;
  }
}
