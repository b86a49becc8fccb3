/**
 * Data keys in use: made, wrapped, unwrapped and shredded.
 *
 * An isolate remembers a key for {@link keyTtlMs}, which is how long another isolate can go on reading
 * after a shred. Memory holds it as a key that can be derived from and not read.
 */
import type { Clock } from "@hi-stranger/core/clock";
import type { FillRandom, Id } from "@hi-stranger/core/codec/ids";
import {
  type DataKey,
  type DataKeyClass,
  dataKeyByteLength,
  importDataKey,
  shareByteLength,
  unwrapDataKey,
  wrapDataKey,
} from "@hi-stranger/core/crypto/data-key";
import type { Keyring } from "@hi-stranger/core/crypto/keyring";
import type { KeyShares, SubjectKeys, WrappedKey, WrappedKeyStore } from "./identity-ports.ts";

const keyTtlMs = 60_000;
const maxRememberedKeys = 1_000;

export interface SubjectKeyOptions {
  readonly environment: string;
  readonly keyring: Keyring;
  readonly shares: KeyShares;
  readonly wrappedKeys: WrappedKeyStore;
  readonly subtle: SubtleCrypto;
  readonly fillRandom: FillRandom;
  readonly clock: Clock;
  readonly newId: (prefix: "dek") => Id<"dek">;
}

export function createSubjectKeys(options: SubjectKeyOptions): SubjectKeys {
  const { shares, wrappedKeys, subtle, keyring, fillRandom, clock } = options;
  const remembered = new Map<string, { subjectId: string; key: DataKey; until: number }>();

  function remember(subjectId: string, name: string, key: DataKey): DataKey {
    if (remembered.size >= maxRememberedKeys) remembered.clear();
    remembered.set(name, { subjectId, key, until: clock.now() + keyTtlMs });
    return key;
  }

  function recall(name: string): DataKey | null {
    const known = remembered.get(name);
    return known && known.until > clock.now() ? known.key : null;
  }

  async function unwrap(wrapped: WrappedKey): Promise<DataKey | null> {
    const share = await shares.get(wrapped.subjectId);
    if (!share) return null;
    const context = contextOf(options.environment, wrapped);
    const dek = await unwrapDataKey({ subtle, keyring, share, context }, wrapped.wrapped);
    share.fill(0);
    if (!dek) throw new Error("a data key doesn't unwrap");
    const key = await importDataKey(subtle, context, dek);
    return remember(wrapped.subjectId, nameOf(key), key);
  }

  /** Makes the subject's first key of a class; null when another request was faster. */
  async function make(subjectId: string, dataClass: DataKeyClass): Promise<DataKey | null> {
    const share = await shareOf(subjectId);
    const kekVersion = keyring.activeByPurpose.kek;
    const named = {
      dekId: options.newId("dek"),
      version: 1,
      subjectId,
      class: dataClass,
      kekVersion,
    };
    const context = contextOf(options.environment, named);
    const dek = randomBytes(dataKeyByteLength);
    const wrapped = await wrapDataKey({ subtle, keyring, share, context }, dek, fillRandom);
    share.fill(0);
    const isAdded = await wrappedKeys.add({ ...named, wrapped });
    const key = await importDataKey(subtle, context, dek);
    return isAdded ? remember(subjectId, nameOf(key), key) : null;
  }

  async function shareOf(subjectId: string): Promise<Uint8Array<ArrayBuffer>> {
    const known = await shares.get(subjectId);
    if (known) return known;
    const share = randomBytes(shareByteLength);
    if (await shares.create(subjectId, share)) return share;
    const first = await shares.get(subjectId);
    if (!first) throw new Error("a share was shredded while it was made");
    return first;
  }

  function randomBytes(byteLength: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(byteLength);
    fillRandom(bytes);
    return bytes;
  }

  return {
    async obtain(subjectId, dataClass) {
      const name = `${subjectId} ${dataClass}`;
      const known = recall(name);
      if (known) return known;
      const current = await wrappedKeys.current(subjectId, dataClass);
      const key = current ? await unwrap(current) : await make(subjectId, dataClass);
      if (key) return remember(subjectId, name, key);
      const first = current ?? (await wrappedKeys.current(subjectId, dataClass));
      const theirs = first && (await unwrap(first));
      if (!theirs) throw new Error("the subject was shredded");
      return remember(subjectId, name, theirs);
    },
    async find(subjectId, dekId, version) {
      const known = recall(`${dekId} ${version}`);
      if (known) return known;
      const wrapped = await wrappedKeys.find(dekId, version);
      // A value that names the key of somebody else was put where it is by a forger.
      return wrapped?.subjectId === subjectId ? unwrap(wrapped) : null;
    },
    async shred(subjectId) {
      await shares.remove(subjectId);
      await wrappedKeys.removeAll(subjectId);
      for (const [name, entry] of remembered) {
        if (entry.subjectId === subjectId) remembered.delete(name);
      }
    },
  };
}

const nameOf = ({ dekId, version }: DataKey) => `${dekId} ${version}`;

function contextOf(environment: string, key: Omit<WrappedKey, "wrapped">) {
  const { dekId, version: dekVersion, subjectId, class: dataClass, kekVersion } = key;
  return { environment, dekId, dekVersion, subjectId, class: dataClass, kekVersion };
}
