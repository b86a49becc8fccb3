/** Runs asynchronous pieces of work one after the other, in the order they come. */
export function createSerialQueue(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return async (work) => {
    const result = last.then(work, work);
    // Whoever asked hears of a failure; the next one only waits.
    last = result.catch(() => undefined);
    return result;
  };
}
