/** What an isolate knows of those who call: their leases, and what it noted of them. */
import type { Clock } from "@hi-stranger/core/clock";
import type { LimitClass } from "@hi-stranger/core/contract/limit-classes";
import type { CountedSignal, Signal } from "../gatekeeper/messages.ts";
import type { Bucket } from "../gatekeeper/token-bucket.ts";
import { type Limits, type Tier, thresholdOf } from "../policy/limits.ts";
import type { Lease } from "./leases.ts";
import { type SubjectKind, type SubjectNames, isPassing } from "./limit-subjects.ts";

/** Whose requests are limited. */
export interface LimitSubject {
  readonly tier: Tier;
  readonly kind: SubjectKind;
  readonly id: string;
}

export interface Caller {
  /** Of a network or a mail address without its id. */
  readonly subject: LimitSubject;
  readonly name: string;
  readonly leases: Map<LimitClass, Lease>;
  /** Buckets for when nobody answers. */
  readonly ownBuckets: Map<LimitClass, Bucket>;
  /** Ids of revoked sessions. */
  readonly revoked: Set<string>;
  readonly noted: Map<Signal, number>;
  blockedUntilMs: number;
}

export interface Callers {
  of(subject: LimitSubject): Promise<Caller>;
  /** Null for a person who hasn't called this isolate. */
  ofPerson(personId: string): Caller | null;
}

/** Those that called first are forgotten first, together with what they have left of a lease. */
const maxCallers = 10_000;

export function createCallers({
  names,
  clock,
}: {
  readonly names: SubjectNames;
  readonly clock: Clock;
}): Callers {
  const callersByKey = new Map<string, Caller>();

  function add(key: string, subject: LimitSubject, name: string): Caller {
    const caller: Caller = {
      subject,
      name,
      leases: new Map(),
      ownBuckets: new Map(),
      revoked: new Set(),
      noted: new Map(),
      blockedUntilMs: 0,
    };
    const [oldest] = callersByKey.size >= maxCallers ? callersByKey.keys() : [];
    if (oldest !== undefined) callersByKey.delete(oldest);
    callersByKey.set(key, caller);
    return caller;
  }

  return {
    async of(subject) {
      const { kind, id } = subject;
      const nameOf = () => names.nameOf(kind, id, clock.now());
      // Of networks and mail addresses not even the isolate's memory holds more than the name.
      const isNamed = isPassing(kind);
      const key = isNamed ? await nameOf() : keyOf(kind, id);
      const known = callersByKey.get(key);
      if (known) return known;
      const name = isNamed ? key : await nameOf();
      // Another request may have been here while the name was made.
      return callersByKey.get(key) ?? add(key, isNamed ? { ...subject, id: "" } : subject, name);
    },
    ofPerson: (personId) => callersByKey.get(keyOf("person", personId)) ?? null,
  };
}

/** Takes out what was noted, to be reported. */
export function takeNoted({ noted, subject: { tier } }: Caller, limits: Limits): CountedSignal[] {
  const counted = Array.from(noted, ([signal, count]) => ({
    signal,
    count,
    threshold: thresholdOf(limits, signal, tier),
  }));
  noted.clear();
  return counted;
}

function keyOf(kind: SubjectKind, id: string): string {
  return `${kind}:${id}`;
}
