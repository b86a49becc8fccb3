/**
 * How many requests a caller may send, and what of them is unusual. These are the defaults; the
 * variable `RATE_LIMITS` changes any of them (docs/operations.md). Refused: names that aren't here,
 * and numbers that aren't whole or are out of bounds.
 */
import { type LimitClass, limitClasses } from "@hi-stranger/core/contract/limit-classes";
import { StoreError } from "@hi-stranger/core/errors";
import type { Threshold } from "../gatekeeper/baseline.ts";
import { type Signal, signals } from "../gatekeeper/messages.ts";
import type { Limit } from "../gatekeeper/token-bucket.ts";

/**
 * Whose requests are counted together: those of a network, of the site it is part of (an IPv6 /48), a
 * person, a service, for one mail address, or of all that a deployment has.
 */
export const tiers = ["address", "site", "person", "service", "mail", "deployment"] as const;
export type Tier = (typeof tiers)[number];

export interface Limits {
  readonly byTier: Readonly<Record<Tier, Readonly<Record<LimitClass, Limit>>>>;
  /** Events in an hour and a day. Services may have ten times as many. */
  readonly bySignal: Readonly<Record<Signal, Threshold>>;
}

const perMinute = (requests: number): Limit => ({ requests, windowSeconds: 60 });
const perQuarter = (requests: number): Limit => ({ requests, windowSeconds: 15 * 60 });
const perHour = (requests: number): Limit => ({ requests, windowSeconds: 60 * 60 });

const people: Readonly<Record<LimitClass, Limit>> = {
  read: perMinute(600),
  write: perMinute(120),
  sign_in: perQuarter(60),
  import: perMinute(60),
  export: perHour(10),
  admin: perMinute(120),
};

const networks = { ...people, read: perMinute(300), write: perMinute(60) };

export const defaultLimits: Limits = {
  byTier: {
    address: networks,
    site: {
      read: perMinute(3_000),
      write: perMinute(600),
      sign_in: perQuarter(600),
      import: perMinute(600),
      export: perHour(100),
      admin: perMinute(1_200),
    },
    person: people,
    service: {
      read: perMinute(12_000),
      write: perMinute(1_200),
      sign_in: perQuarter(60),
      import: perMinute(600),
      export: perHour(60),
      admin: perMinute(600),
    },
    // Nothing but links for signing in is sent to an address.
    mail: { ...networks, sign_in: perQuarter(5) },
    // Nothing but all of these links is counted for everybody together.
    deployment: { ...networks, sign_in: perHour(10_000) },
  },
  bySignal: {
    failed_sign_in: { floor: 20, ceiling: 100, perDay: 200 },
    missing_id: { floor: 100, ceiling: 1_000, perDay: 500 },
    export: { floor: 5, ceiling: 20, perDay: 100 },
    import: { floor: 500, ceiling: 5_000, perDay: 50_000 },
  },
};

const serviceFactor = 10;
const maxCount = 1_000_000_000;
const maxWindowSeconds = 24 * 60 * 60;

/** What is noticed of a caller of `tier`. */
export function thresholdOf({ bySignal }: Limits, signal: Signal, tier: Tier): Threshold {
  const { floor, ceiling, perDay } = bySignal[signal];
  const times = tier === "service" ? serviceFactor : 1;
  return { floor: floor * times, ceiling: ceiling * times, perDay: perDay * times };
}

/**
 * The defaults with the changes of a JSON text, such as
 * `{"person":{"read":{"requests":100,"window_seconds":60}},"signals":{"missing_id":{"floor":50,"ceiling":500,"per_day":800}}}`.
 *
 * @throws {StoreError} `store_unavailable`, which names the place
 */
export function readLimits(text: string | undefined): Limits {
  if (text === undefined || text.trim() === "") return defaultLimits;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refusal("is not a JSON text");
  }
  const changes = membersOf(value, "", [...tiers, "signals"]);
  const byTier = changed(defaultLimits.byTier, changes, tiers, (classes, given, tier) => {
    const names = tier === "mail" || tier === "deployment" ? (["sign_in"] as const) : limitClasses;
    const members = membersOf(given, tier, names);
    return changed(classes, members, names, (_, limit, name) =>
      readLimit(limit, `${tier}.${name}`),
    );
  });
  const given =
    changes["signals"] === undefined ? {} : membersOf(changes["signals"], "signals", signals);
  const bySignal = changed(defaultLimits.bySignal, given, signals, (former, threshold, name) =>
    readThreshold(threshold, `signals.${name}`, former),
  );
  return { byTier, bySignal };
}

/** `defaults`, with those of `names` that `changes` has replaced by what `read` makes of them. */
function changed<Name extends string, Value>(
  defaults: Readonly<Record<Name, Value>>,
  changes: Readonly<Record<string, unknown>>,
  names: readonly Name[],
  read: (value: Value, change: unknown, name: Name) => Value,
): Record<Name, Value> {
  const result: Record<Name, Value> = { ...defaults };
  for (const name of names) {
    if (changes[name] !== undefined) result[name] = read(defaults[name], changes[name], name);
  }
  return result;
}

function readLimit(value: unknown, place: string): Limit {
  const members = membersOf(value, place, ["requests", "window_seconds"]);
  return {
    requests: readCount(members["requests"], `${place}.requests`, maxCount),
    windowSeconds: readCount(
      members["window_seconds"],
      `${place}.window_seconds`,
      maxWindowSeconds,
    ),
  };
}

/** The bound of the day stays as it was unless one is given. */
function readThreshold(value: unknown, place: string, former: Threshold): Threshold {
  const members = membersOf(value, place, ["floor", "ceiling", "per_day"]);
  const floor = readCount(members["floor"], `${place}.floor`, maxCount);
  const ceiling = readCount(members["ceiling"], `${place}.ceiling`, maxCount);
  if (ceiling < floor) throw refusal("has a ceiling below its floor", place);
  const given = members["per_day"];
  const perDay =
    given === undefined ? former.perDay : readCount(given, `${place}.per_day`, maxCount);
  return { floor, ceiling, perDay };
}

function readCount(value: unknown, place: string, most: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= most) {
    return value;
  }
  throw refusal(`is not a whole number from 1 to ${most}`, place);
}

function membersOf(
  value: unknown,
  place: string,
  names: readonly string[],
): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw refusal("is not an object", place);
  }
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  if (unknown !== undefined) throw refusal(`has a member other than ${names.join(", ")}`, place);
  return { ...value };
}

function refusal(what: string, place = ""): StoreError {
  const subject = place === "" ? "The variable RATE_LIMITS" : `RATE_LIMITS: ${place}`;
  return new StoreError("store_unavailable", `${subject} ${what}; see docs/operations.md.`);
}
