/**
 * A `Storage` as the HTML standard has it (section 12.2), kept in memory: values are strings, and a
 * write that would exceed the quota throws and changes nothing. It stands in for the browser's.
 */

import type { LocalStorageLike } from "../../src/stores/local-keys.ts";

/** The quota that browsers give a site, in UTF-16 code units of keys and values. */
export const browserQuota = 5 * 1024 * 1024;

export function createStorage(quota = browserQuota): Storage {
  const values = new Map<string, string>();
  const sizeOf = (entries: Iterable<readonly [string, string]>) =>
    [...entries].reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  return {
    get length() {
      return values.size;
    },
    key: (index) => [...values.keys()][index] ?? null,
    getItem: (key) => values.get(key) ?? null,
    setItem(key, value) {
      const after = new Map(values).set(key, value);
      if (sizeOf(after) > quota) throw new DOMException("no room", "QuotaExceededError");
      values.set(key, value);
    },
    removeItem: (key) => void values.delete(key),
    clear: () => values.clear(),
  };
}

/** `storage` with some of its methods replaced. */
export function withMethods(
  storage: Storage,
  methods: Partial<LocalStorageLike>,
): LocalStorageLike {
  return {
    get length() {
      return storage.length;
    },
    key: (index) => storage.key(index),
    getItem: (key) => storage.getItem(key),
    setItem: (key, value) => storage.setItem(key, value),
    removeItem: (key) => storage.removeItem(key),
    ...methods,
  };
}
