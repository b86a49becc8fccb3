/**
 * `Gatekeeper`: one object for each caller - a person, a service token, a network, a mail address -
 * that hands out requests from the caller's token buckets, notices what is unusual, and knows the
 * sessions that were revoked before their access tokens expired.
 *
 * An object is found by a keyed hash of who it is for and never learns more. Blocks, baselines,
 * revocations and buckets of more than a minute outlive it (record.ts). An alarm empties the object
 * when the last of what it keeps has ended.
 *
 * Over the limit goes nobody: tokens are taken off the bucket when they are handed to an isolate.
 * What an isolate holds may be spent later than it was taken, so that a window can see what is in
 * leases at its start on top of its limit: isolates × a tenth of `requests` (services/leases.ts).
 */
import { DurableObject } from "cloudflare:workers";
import { systemClock } from "@hi-stranger/core/clock";
import { levelOf, oldestSlotOfHour } from "./baseline.ts";
import type { Answer, Breach, CountedSignal, Question, Revocation } from "./messages.ts";
import { type CallerRecord, openRecord } from "./record.ts";
import {
  type Bucket,
  type Limit,
  fullBucket,
  putBack,
  refill,
  secondsUntil,
  take,
} from "./token-bucket.ts";

/** How long a breach throttles, and a first one blocks. */
const sanctionMs = 15 * 60 * 1000;
const maxBlockMs = 24 * 60 * 60 * 1000;
/** Whoever breaches again this soon after a block is blocked for twice as long. */
const peaceMs = 24 * 60 * 60 * 1000;
const throttleDivisor = 10;
/** Buckets with windows up to this live in memory alone. */
const maxMemoryWindowSeconds = 60;
/** How long a count says something. */
const countTtlMs = 25 * 60 * 60 * 1000;
/** The alarm comes this much later than it must, so that it is seldom set anew. */
const alarmSlackMs = 10 * 60 * 1000;

export class Gatekeeper extends DurableObject {
  private record: CallerRecord;
  private alarmAtMs = 0;

  constructor(state: DurableObjectState, env: object) {
    super(state, env);
    this.record = openRecord(state.storage.sql);
    void state.blockConcurrencyWhile(async () => {
      this.alarmAtMs = (await state.storage.getAlarm()) ?? 0;
    });
  }

  /** Hands out requests, and takes in what has happened. */
  async ask(question: Question): Promise<Answer> {
    const { nowMs, want } = question;
    const breaches = question.counted.flatMap((counted) => this.count(counted, nowMs));
    if (question.counted.length > 0) await this.keepFor(countTtlMs);
    const limit = this.limitAt(question.limit, nowMs);
    const blockedUntilMs = this.blockedUntilMs(nowMs);
    const before = putBack(this.bucketAt(question, limit), question.giveBack, limit);
    const { bucket, taken } = blockedUntilMs === null ? take(before, want) : untouched(before);
    const isStored = question.limit.windowSeconds > maxMemoryWindowSeconds;
    this.record.setBucket(question.class, bucket, isStored);
    if (isStored) await this.keepFor(question.limit.windowSeconds * 1000);
    return {
      granted: taken,
      remaining: Math.floor(bucket.tokens),
      secondsUntilNext: secondsUntil(bucket, 1, limit),
      secondsUntilFull: secondsUntil(bucket, limit.requests, limit),
      blockedUntilMs,
      revokedSessions: this.record.revoked(nowMs),
      breaches,
    };
  }

  /** From the next answer on, isolates know that these sessions have ended. */
  async revoke({ sessionIds, nowMs, untilMs }: Revocation): Promise<void> {
    this.record.addRevoked(sessionIds, untilMs, nowMs);
    await this.keepFor(untilMs - nowMs);
  }

  /** Everything that was kept has ended. */
  override async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll();
    this.alarmAtMs = 0;
    this.record = openRecord(this.ctx.storage.sql);
  }

  private bucketAt({ class: name, nowMs }: Question, limit: Limit): Bucket {
    return refill(this.record.bucket(name) ?? fullBucket(limit, nowMs), limit, nowMs);
  }

  private limitAt(limit: Limit, nowMs: number): Limit {
    if (this.record.throttledUntilMs <= nowMs) return limit;
    return { ...limit, requests: Math.max(1, Math.floor(limit.requests / throttleDivisor)) };
  }

  private blockedUntilMs(nowMs: number): number | null {
    const { block } = this.record;
    return block && block.untilMs > nowMs ? block.untilMs : null;
  }

  /** Counts what happened, and gives what that brought about. */
  private count({ signal, count, threshold }: CountedSignal, nowMs: number): Breach[] {
    if (this.blockedUntilMs(nowMs) !== null) return [];
    this.record.addCount(signal, count, nowMs);
    const level = levelOf(this.record.counts(signal), threshold, nowMs);
    if (level === "extreme") {
      const untilMs = this.blockFrom(nowMs);
      // What led here neither counts twice nor becomes what is usual.
      this.record.forgetCounts(signal, oldestSlotOfHour(nowMs));
      return [{ signal, kind: "blocked", untilMs }];
    }
    if (level === "calm" || this.record.throttledUntilMs > nowMs) return [];
    const untilMs = nowMs + sanctionMs;
    this.record.setThrottled(untilMs);
    return [{ signal, kind: "throttled", untilMs }];
  }

  private blockFrom(nowMs: number): number {
    const { block: last } = this.record;
    const times = last && last.untilMs + peaceMs > nowMs ? last.times + 1 : 1;
    const untilMs = nowMs + Math.min(maxBlockMs, sanctionMs * 2 ** (times - 1));
    this.record.setBlock({ untilMs, times });
    return untilMs;
  }

  /** Sees to it that nothing is deleted within `ms`, or by much later than that and the last block's memory. */
  private async keepFor(ms: number): Promise<void> {
    const now = systemClock.now();
    const memoryMs = this.record.block ? maxBlockMs + peaceMs : 0;
    const neededMs = now + Math.max(ms, memoryMs);
    if (neededMs <= this.alarmAtMs) return;
    this.alarmAtMs = neededMs + alarmSlackMs;
    await this.ctx.storage.setAlarm(this.alarmAtMs);
  }
}

function untouched(bucket: Bucket): { bucket: Bucket; taken: number } {
  return { bucket, taken: 0 };
}
