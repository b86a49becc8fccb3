/** Timers that don't keep the process alive. */
import type { Scheduler } from "../ports.ts";

export const scheduler: Scheduler = {
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
