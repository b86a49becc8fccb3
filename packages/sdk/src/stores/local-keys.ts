/**
 * The keys of this app in a `Storage`, read and written with named errors.
 *
 * A value that can't be read is never overwritten: it moves to `hs.quarantine.<key>.<n>`, where n
 * counts up from 1, and stays until somebody removes it.
 */
import { StoreError } from "@hi-stranger/core/errors";

/** What we use of the platform's `Storage`. */
export type LocalStorageLike = Pick<
  Storage,
  "getItem" | "setItem" | "removeItem" | "key" | "length"
>;

/** Keys that hold records. */
export type RecordsKey = "hs.profiles" | "hs.chat_meta" | "hs.policy_state" | "hs.messages";

export type LocalKey = RecordsKey | "hs.meta";

/** Text that was set aside. */
export interface QuarantinedValue {
  /** Where it came from. */
  readonly key: string;
  /** Where it is. */
  readonly quarantineKey: string;
  readonly text: string;
}

const quarantinePrefix = "hs.quarantine.";

/** @throws {StoreError} `store_unavailable` when the browser denies its storage. */
export function readKey(storage: LocalStorageLike, key: LocalKey): string | null {
  try {
    return storage.getItem(key);
  } catch (cause) {
    throw toDeniedError(cause);
  }
}

/**
 * Writes one value; on failure the one before is still there.
 *
 * @param notSaved What is lost when there is no room, for the message.
 * @throws {StoreError} `quota_exceeded` or `store_unavailable`.
 */
export function writeKey(
  storage: LocalStorageLike,
  key: string,
  value: string,
  notSaved: string,
): void {
  try {
    storage.setItem(key, value);
  } catch (cause) {
    if (!isQuotaError(cause)) throw toDeniedError(cause);
    throw new StoreError(
      "quota_exceeded",
      `The browser's storage for this site is full. Not saved: ${notSaved}. What was stored before is unchanged.`,
      { cause },
    );
  }
}

/**
 * Moves `text`, all or part of the value of `key`, to quarantine, and leaves `rest` at the key.
 *
 * @param rest The value without `text`; null for none.
 * @returns The quarantine key.
 * @throws {StoreError} when there is no room; then nothing has moved.
 */
export function setAside(
  storage: LocalStorageLike,
  key: LocalKey,
  text: string,
  rest: string | null,
): string {
  const quarantineKey = freeQuarantineKey(storage, key);
  const before = readKey(storage, key) ?? "";
  // The value makes room for its copy, since storage may be full. Nobody else runs in between.
  if (rest === null) storage.removeItem(key);
  else writeKey(storage, key, rest, "a value without its damaged records");
  try {
    writeKey(storage, quarantineKey, text, "damaged data that was to be set aside");
  } catch (error) {
    storage.setItem(key, before);
    throw error;
  }
  return quarantineKey;
}

/** Everything in quarantine, in the order of its keys. */
export function listQuarantine(storage: LocalStorageLike): QuarantinedValue[] {
  const values: QuarantinedValue[] = [];
  for (let index = 0; index < storage.length; index++) {
    const quarantineKey = storage.key(index) ?? "";
    const text = quarantineKey.startsWith(quarantinePrefix) ? storage.getItem(quarantineKey) : null;
    if (text === null) continue;
    const key = quarantineKey.slice(quarantinePrefix.length).replace(/\.\d+$/, "");
    values.push({ key, quarantineKey, text });
  }
  return values.sort((a, b) =>
    a.quarantineKey.localeCompare(b.quarantineKey, "en", { numeric: true }),
  );
}

function freeQuarantineKey(storage: LocalStorageLike, key: LocalKey): string {
  for (let index = 1; ; index++) {
    const quarantineKey = `${quarantinePrefix}${key}.${index}`;
    if (storage.getItem(quarantineKey) === null) return quarantineKey;
  }
}

/** The names that browsers give this error. */
function isQuotaError(error: unknown): boolean {
  const { name } = error as { name?: unknown };
  return name === "QuotaExceededError" || name === "NS_ERROR_DOM_QUOTA_REACHED";
}

function toDeniedError(cause: unknown): StoreError {
  return new StoreError(
    "store_unavailable",
    "The browser does not let this page use its storage. Is it blocked for this site?",
    { cause },
  );
}
