/**
 * Entries that anybody can cause at will: the first of its kind is entered at once, the others of an
 * hour are counted and entered as one, so that a caller writes two entries an hour at most by each
 * kind of thing and isolate.
 *
 * What was counted is entered along with whatever comes here after the hour. What an isolate has
 * counted and not yet entered ends with it; the log lines of the requests tell of each.
 */
import type { Clock } from "@hi-stranger/core/clock";
import type { AuditEvent } from "./audit.ts";

export interface CountedEntries {
  /**
   * Enters an event, or counts it with those of the same `key`. An entry's `count` says for how many
   * it stands.
   *
   * @throws what `append` throws for the first of its kind, which then is the first again
   */
  note(key: string, event: AuditEvent): Promise<void>;
}

export interface CountedEntriesOptions {
  readonly clock: Clock;
  readonly append: (event: AuditEvent) => Promise<void>;
}

interface Tally {
  readonly event: AuditEvent;
  readonly untilMs: number;
  /** Those after the first. */
  count: number;
}

const hourMs = 60 * 60 * 1000;
/** Of more kinds at once the oldest ends before its hour. */
const maxTallies = 10_000;
/** Tallies that are entered along with one event. */
const maxEntered = 100;

export function createCountedEntries({ clock, append }: CountedEntriesOptions): CountedEntries {
  /** In the order in which they end. */
  const tallies = new Map<string, Tally>();

  function takeEnded(nowMs: number): [string, Tally][] {
    const ended: [string, Tally][] = [];
    for (const [key, tally] of tallies) {
      const isOver = tally.untilMs <= nowMs || tallies.size >= maxTallies;
      if (!isOver || ended.length === maxEntered) break;
      tallies.delete(key);
      if (tally.count > 0) ended.push([key, tally]);
    }
    return ended;
  }

  async function enterRest([key, { event, count }]: [string, Tally]): Promise<void> {
    try {
      await append(standingFor(event, count));
    } catch {
      // Whoever calls now isn't to fail for it: it is counted on, and entered an hour later.
      const since = tallies.get(key);
      if (since) since.count += count;
      else tallies.set(key, { event, untilMs: clock.now() + hourMs, count });
    }
  }

  async function enterFirst(key: string, event: AuditEvent, nowMs: number): Promise<void> {
    const tally = { event, untilMs: nowMs + hourMs, count: 0 };
    tallies.set(key, tally);
    try {
      await append(standingFor(event, 1));
    } catch (error) {
      if (tallies.get(key) === tally) tallies.delete(key);
      throw error;
    }
  }

  return {
    async note(key, event) {
      const nowMs = clock.now();
      const ended = takeEnded(nowMs);
      const known = tallies.get(key);
      if (known) known.count += 1;
      const entering = known ? Promise.resolve() : enterFirst(key, event, nowMs);
      // Not before all have ended: what goes on after its request may be stopped.
      const [entered] = await Promise.allSettled([entering, ...ended.map(enterRest)]);
      if (entered.status === "rejected") throw entered.reason;
    },
  };
}

function standingFor(event: AuditEvent, count: number): AuditEvent {
  return { ...event, detail: { ...event.detail, count } };
}
