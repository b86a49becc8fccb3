/** What keeps shards from running into each other. */

/** Lets `count` holders in at a time, first come first served. */
export function createSlots(count: number) {
  let free = count;
  const waiting: (() => void)[] = [];
  return {
    async acquire(): Promise<void> {
      if (free > 0) free -= 1;
      else {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
        });
      }
    },
    release(): void {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    },
  };
}

/** Runs calls one after the other, in the order they are made. */
export function createQueue() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(call: () => Promise<T>): Promise<T> => {
    const result = last.then(call);
    last = result.catch(() => undefined);
    return result;
  };
}

/** Shards under way, by the ids they hold. */
export function createCrossing() {
  const underway = new Set<{ ids: ReadonlySet<string>; done: Promise<unknown> }>();
  return {
    /** Resolves when all earlier entries that share an id with `ids` are done; rejects when one fails. */
    async clear(ids: ReadonlySet<string>): Promise<void> {
      const crossing = [...underway].filter((other) => haveCommon(other.ids, ids));
      await Promise.all(crossing.map((other) => other.done));
    },
    /** Enters `ids` until `done` is settled. */
    enter(ids: ReadonlySet<string>, done: Promise<unknown>): void {
      const entry = { ids, done };
      underway.add(entry);
      const leave = () => {
        underway.delete(entry);
      };
      done.then(leave, leave);
    },
  };
}

function haveCommon(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  for (const id of a) if (b.has(id)) return true;
  return false;
}
