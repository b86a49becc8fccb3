/**
 * Ctrl-C and its relatives: the first asks the command to stop in good order, a second one ends
 * the program at once.
 */
import { InterruptedError } from "./errors.ts";
import { exitCodes } from "./exit-codes.ts";

/** Ctrl-C reaches us from the terminal and, again, from the launcher: what comes this close together is one. */
const sameSignalMs = 200;

/** Starts listening. The signal's reason is an {@link InterruptedError}. */
export function listenForInterrupts(): AbortSignal {
  const controller = new AbortController();
  let firstMs: number | null = null;
  const interrupt = (signal: NodeJS.Signals) => {
    if (firstMs === null) {
      firstMs = performance.now();
      controller.abort(new InterruptedError(signal));
    } else if (performance.now() - firstMs > sameSignalMs) {
      process.exit(signal === "SIGINT" ? exitCodes.interrupted : exitCodes.terminated);
    }
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, interrupt);
  if (process.channel) {
    // Started by the launcher, and the launcher is gone without having told us.
    process.on("disconnect", () => interrupt("SIGTERM"));
    process.channel.unref();
  }
  return controller.signal;
}
