import { useEffect, useState } from "preact/hooks";
import { systemClock } from "@hi-stranger/core/clock";

/** Whole seconds until `untilMs` (epoch milliseconds), counting down; 0 once it is reached. */
export function useCountdown(untilMs: number): number {
  const [nowMs, setNowMs] = useState(() => systemClock.now());
  const secondsLeft = Math.max(0, Math.ceil((untilMs - nowMs) / 1000));
  useEffect(() => {
    setNowMs(systemClock.now());
    const timer = setInterval(() => {
      const now = systemClock.now();
      setNowMs(now);
      if (now >= untilMs) clearInterval(timer);
    }, 1000);
    return () => clearInterval(timer);
  }, [untilMs]);
  return secondsLeft;
}
