/** Limits for servers that one person, or one test, uses for everything. They are values of `RATE_LIMITS`. */
import { limitClasses } from "@hi-stranger/core/contract/limit-classes";

const perMinute = (requests: number) => ({ requests, window_seconds: 60 });
const forEveryClass = (requests: number) =>
  Object.fromEntries(limitClasses.map((name) => [name, perMinute(requests)]));
const forEverySignal = (count: number) => {
  const threshold = { floor: count, ceiling: count, per_day: count };
  return {
    failed_sign_in: threshold,
    missing_id: threshold,
    export: threshold,
    import: threshold,
  };
};

/** For `npm start` and what tests the whole: what stops a program that runs wild, and no person. */
export const localLimits = {
  address: forEveryClass(6_000),
  site: forEveryClass(60_000),
  person: forEveryClass(6_000),
  service: forEveryClass(60_000),
  mail: { sign_in: perMinute(600) },
  deployment: { sign_in: perMinute(6_000) },
  signals: forEverySignal(10_000),
};

const never = 1_000_000_000;

/** Never met. */
export const highLimits = {
  address: forEveryClass(never),
  site: forEveryClass(never),
  person: forEveryClass(never),
  service: forEveryClass(never),
  mail: { sign_in: perMinute(never) },
  deployment: { sign_in: perMinute(never) },
  signals: forEverySignal(never),
};
