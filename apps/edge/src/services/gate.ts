/**
 * The gate that every request passes: lets callers in by their limits, refuses those that are
 * blocked, and learns which sessions were revoked. Over each caller stands a `Gatekeeper`.
 *
 * Reads and writes are let in from leases (leases.ts), so that only the first of a caller in an
 * isolate waits for an answer. Signing in, exports, imports and what admins do ask first each time.
 * No request waits for a question that another one asked: workerd may end that one with its caller.
 *
 * What was noted is lost with a question that fails, so that no caller is blamed twice for it.
 *
 * When a Gatekeeper doesn't answer, reads and writes go on by the same limits, kept by this isolate
 * alone; what asks first is refused (docs/adr/0012-limits.md).
 */
import type { Clock } from "@hi-stranger/core/clock";
import type { LimitClass } from "@hi-stranger/core/contract/limit-classes";
import { accessTtlSeconds } from "@hi-stranger/core/contract/identity";
import type { Answer, Breach, CountedSignal, Signal } from "../gatekeeper/messages.ts";
import type { Limit } from "../gatekeeper/token-bucket.ts";
import { type Limits, thresholdOf } from "../policy/limits.ts";
import type { Gatekeepers } from "../stores/gatekeeper-ports.ts";
import {
  type Lease,
  emptyLease,
  enterAnswer,
  isDue,
  isFresh,
  prepareQuestion,
  renewAfterMs,
} from "./leases.ts";
import { type Caller, type LimitSubject, createCallers, takeNoted } from "./limit-callers.ts";
import type { SubjectNames } from "./limit-subjects.ts";
import { answerAlone } from "./answer-alone.ts";

/** How a caller stands after a request. */
export interface Standing {
  readonly class: LimitClass;
  readonly limit: Limit;
  /** How many more would be let in now. */
  readonly remaining: number;
  readonly secondsUntilFull: number;
}

export type Verdict =
  | { readonly isAdmitted: true; readonly standing: Standing }
  | {
      readonly isAdmitted: false;
      readonly code: "rate_limited" | "access_blocked" | "store_unavailable";
      readonly standing: Standing;
      /** 1 or more. */
      readonly retryAfterSeconds: number;
    };

export interface Gate {
  admit(subject: LimitSubject, name: LimitClass): Promise<Verdict>;
  /** Whether this isolate knows that the caller is blocked; asks nobody. */
  isBlocked(subject: LimitSubject): Promise<boolean>;
  /** Notes what is suspicious when there is much of it. */
  note(subject: LimitSubject, signal: Signal): Promise<void>;
  /** Whether the access tokens of a session were revoked, as of the person's last admission. */
  isRevoked(personId: string, sessionId: string): boolean;
  /** Makes every isolate refuse the access tokens of these sessions, ten seconds from now at the latest. */
  revoke(personId: string, sessionIds: readonly string[]): Promise<void>;
}

export interface GateOptions {
  readonly gatekeepers: Gatekeepers;
  readonly names: SubjectNames;
  readonly limits: Limits;
  readonly clock: Clock;
  /** Keeps the isolate going until it is done. */
  readonly defer: (promise: Promise<unknown>) => void;
  readonly onBreach: (subject: LimitSubject, name: string, breach: Breach) => Promise<void>;
  /** Called when a Gatekeeper doesn't answer, with how that shows. */
  readonly onSilence: (error: unknown) => void;
}

const askFirst: ReadonlySet<LimitClass> = new Set(["sign_in", "import", "export", "admin"]);
/** What asking itself counts as. */
const signalsByClass: Partial<Record<LimitClass, Signal>> = { export: "export", import: "import" };
/** So many notes are reported at once; fewer wait for the next question. */
const maxNoted = 10;
const silenceRetrySeconds = 5;
/** Clocks of isolates may differ by this much. */
const skewMs = 60_000;

export function createGate(options: GateOptions): Gate {
  const { gatekeepers, limits, clock, defer } = options;
  const callers = createCallers(options);

  async function ask(
    caller: Caller,
    name: LimitClass,
    limit: Limit,
    question: { readonly want: number; readonly giveBack: number },
    more: readonly CountedSignal[] = [],
  ): Promise<Answer> {
    const counted = [...more, ...takeNoted(caller, limits)];
    const nowMs = clock.now();
    const asked = { ...question, nowMs, class: name, limit, counted };
    const answer = await gatekeepers.ask(caller.name, asked);
    caller.blockedUntilMs = answer.blockedUntilMs ?? 0;
    for (const sessionId of answer.revokedSessions) caller.revoked.add(sessionId);
    for (const breach of answer.breaches) {
      defer(options.onBreach(caller.subject, caller.name, breach));
    }
    return answer;
  }

  /**
   * Fills a lease, from this isolate's own bucket when nobody answers, and goes on with `finish` before
   * any other request can: what was asked for by one isn't spent by another meanwhile.
   */
  async function fill<Result>(
    caller: Caller,
    name: LimitClass,
    lease: Lease,
    limit: Limit,
    { need, finish }: { readonly need: 0 | 1; readonly finish: () => Result },
  ): Promise<Result> {
    const nowMs = clock.now();
    const question = prepareQuestion(lease, limit, nowMs, need);
    try {
      const answer = await ask(caller, name, limit, question);
      enterAnswer(lease, question.want, answer, nowMs);
    } catch (error) {
      options.onSilence(error);
      const asked = { class: name, limit, want: question.want };
      enterAnswer(lease, question.want, answerAlone(caller.ownBuckets, asked, nowMs), nowMs);
    }
    return finish();
  }

  async function renew(
    caller: Caller,
    name: LimitClass,
    lease: Lease,
    limit: Limit,
  ): Promise<void> {
    lease.renewingUntilMs = clock.now() + renewAfterMs;
    const finish = () => {
      lease.renewingUntilMs = 0;
    };
    await fill(caller, name, lease, limit, { need: 0, finish });
  }

  async function askForOne(
    caller: Caller,
    name: LimitClass,
    lease: Lease,
    limit: Limit,
  ): Promise<Verdict> {
    const signal = signalsByClass[name];
    const threshold = signal && thresholdOf(limits, signal, caller.subject.tier);
    const counted = signal && threshold ? [{ signal, count: 1, threshold }] : [];
    const nowMs = clock.now();
    try {
      const answer = await ask(caller, name, limit, { want: 1, giveBack: 0 }, counted);
      enterAnswer(lease, 0, answer, nowMs);
    } catch (error) {
      options.onSilence(error);
      return {
        isAdmitted: false,
        code: "store_unavailable",
        standing: standingOf(name, limit, lease),
        retryAfterSeconds: silenceRetrySeconds,
      };
    }
    return spend(caller, name, lease, limit);
  }

  /** Lets one in if there is a token left. */
  function spend(caller: Caller, name: LimitClass, lease: Lease, limit: Limit): Verdict {
    const nowMs = clock.now();
    if (caller.blockedUntilMs > nowMs) return refuseBlocked(caller, name, lease, limit);
    if (lease.tokens < 1) {
      const retryAfterSeconds = Math.max(1, Math.ceil((lease.emptyUntilMs - nowMs) / 1000));
      const standing = standingOf(name, limit, lease);
      return { isAdmitted: false, code: "rate_limited", standing, retryAfterSeconds };
    }
    lease.tokens -= 1;
    return { isAdmitted: true, standing: standingOf(name, limit, lease) };
  }

  function refuseBlocked(caller: Caller, name: LimitClass, lease: Lease, limit: Limit): Verdict {
    const retryAfterSeconds = Math.max(1, Math.ceil((caller.blockedUntilMs - clock.now()) / 1000));
    const standing = { ...standingOf(name, limit, lease), remaining: 0 };
    return { isAdmitted: false, code: "access_blocked", standing, retryAfterSeconds };
  }

  return {
    async admit(subject, name) {
      const caller = await callers.of(subject);
      const limit = limits.byTier[subject.tier][name];
      const lease = leaseOf(caller, name, limit);
      const nowMs = clock.now();
      const isEmpty = lease.tokens < 1 && nowMs < lease.emptyUntilMs;
      // Of a mail address not even the time it takes may tell that it has none left: it always asks.
      const isKnown = (caller.blockedUntilMs > nowMs || isEmpty) && subject.tier !== "mail";
      if (isKnown) return spend(caller, name, lease, limit);
      if (askFirst.has(name)) return askForOne(caller, name, lease, limit);
      if (!isFresh(lease, nowMs) || lease.tokens < 1) {
        const finish = () => spend(caller, name, lease, limit);
        return fill(caller, name, lease, limit, { need: 1, finish });
      }
      if (isDue(lease, nowMs)) defer(renew(caller, name, lease, limit));
      return spend(caller, name, lease, limit);
    },
    async isBlocked(subject) {
      return (await callers.of(subject)).blockedUntilMs > clock.now();
    },
    async note(subject, signal) {
      const caller = await callers.of(subject);
      const count = (caller.noted.get(signal) ?? 0) + 1;
      caller.noted.set(signal, count);
      if (signal !== "failed_sign_in" && count < maxNoted) return;
      const limit = limits.byTier[subject.tier].read;
      try {
        await ask(caller, "read", limit, { want: 0, giveBack: 0 });
      } catch (error) {
        options.onSilence(error);
      }
    },
    isRevoked: (personId, sessionId) => callers.ofPerson(personId)?.revoked.has(sessionId) ?? false,
    async revoke(personId, sessionIds) {
      if (sessionIds.length === 0) return;
      const caller = await callers.of({ tier: "person", kind: "person", id: personId });
      for (const sessionId of sessionIds) caller.revoked.add(sessionId);
      const nowMs = clock.now();
      const untilMs = nowMs + accessTtlSeconds * 1000 + skewMs;
      try {
        await gatekeepers.revoke(caller.name, { sessionIds, nowMs, untilMs });
      } catch (error) {
        // The session has ended in any case; elsewhere its last access token expires by itself.
        options.onSilence(error);
      }
    },
  };
}

function leaseOf({ leases }: Caller, name: LimitClass, limit: Limit): Lease {
  let lease = leases.get(name);
  if (!lease) {
    lease = emptyLease(limit);
    leases.set(name, lease);
  }
  return lease;
}

function standingOf(name: LimitClass, limit: Limit, lease: Lease): Standing {
  return {
    class: name,
    limit,
    remaining: Math.min(limit.requests, Math.floor(lease.tokens + lease.remaining)),
    secondsUntilFull: Math.ceil(lease.secondsUntilFull),
  };
}
