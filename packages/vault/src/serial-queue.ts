/** Runs a piece of work in its turn. */
export type SerialQueue = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Runs asynchronous pieces of work one after the other, in the order they come. */
export function createSerialQueue(): SerialQueue {
  let last: Promise<unknown> = Promise.resolve();
  return async (work) => {
    const result = last.then(work, work);
    // Whoever asked hears of a failure; the next one only waits.
    last = result.catch(() => undefined);
    return result;
  };
}
