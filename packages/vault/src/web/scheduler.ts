/** Timers of the worker. */
import type { Scheduler } from "../ports.ts";

export const scheduler: Scheduler = {
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};
