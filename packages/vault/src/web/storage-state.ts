/** Whether the browser may throw the vault away: asked on the page, as workers may not ask. */

/** What a person must know about where the vault is kept. */
export const storageNoticeTexts = {
  storage_not_persistent:
    "This browser may remove the vault when space runs low or the site isn't visited for a long time. Install the app or allow it to keep data, and keep an exported bundle elsewhere.",
  storage_nearly_full:
    "There is little room left for this site's data. Free some space, so that the vault can go on saving.",
} as const satisfies Record<string, string>;

export type StorageNotice = keyof typeof storageNoticeTexts;

export interface StorageState {
  /** The browser has promised not to evict this site's data by itself. */
  readonly isPersistent: boolean;
  readonly usedBytes: number;
  /** How much this site may use in all. */
  readonly quotaBytes: number;
  readonly notices: readonly StorageNotice[];
}

/** The part of `navigator.storage` that is asked (https://storage.spec.whatwg.org). */
export interface StorageLike {
  persist(): Promise<boolean>;
  persisted(): Promise<boolean>;
  estimate(): Promise<{ readonly usage?: number; readonly quota?: number }>;
}

const leastFreeBytes = 32 * 1024 * 1024;

/**
 * How the vault's storage stands. `ask` has the browser promise to keep it, for which some ask the
 * person: do it when a vault is set up.
 */
export async function readStorageState(storage: StorageLike, ask: boolean): Promise<StorageState> {
  const isPersistent = (await storage.persisted()) || (ask && (await storage.persist()));
  const { usage: usedBytes = 0, quota: quotaBytes = 0 } = await storage.estimate();
  const notices: StorageNotice[] = [];
  if (!isPersistent) notices.push("storage_not_persistent");
  if (quotaBytes - usedBytes < leastFreeBytes) notices.push("storage_nearly_full");
  return { isPersistent, usedBytes, quotaBytes, notices };
}
