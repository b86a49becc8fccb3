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
  shareByteLength,
} from "@hi-stranger/core/crypto/data-key";
import type { KeyShares, SubjectKeys, WrappedKey, WrappedKeyStore } from "./identity-ports.ts";
import type { KeyPlan } from "./key-rotation-ports.ts";
import type { KeyWraps } from "./key-wraps.ts";

const keyTtlMs = 60_000;
const maxRememberedKeys = 1_000;
/** A key that is barred while it is made was planned for by an old plan; the next plan is of now. */
const maxTries = 3;

export interface SubjectKeyOptions {
  readonly wraps: KeyWraps;
  readonly plan: KeyPlan;
  readonly shares: KeyShares;
  readonly wrappedKeys: WrappedKeyStore;
  readonly fillRandom: FillRandom;
  readonly clock: Clock;
  readonly newId: (prefix: "dek") => Id<"dek">;
}

export function createSubjectKeys(options: SubjectKeyOptions): SubjectKeys {
  const { wraps, plan, shares, wrappedKeys, fillRandom, clock } = options;
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

  function forget(subjectId: string): void {
    for (const [name, entry] of remembered) {
      if (entry.subjectId === subjectId) remembered.delete(name);
    }
  }

  async function open(wrapped: WrappedKey): Promise<DataKey | null> {
    const key = await wraps.open(wrapped);
    return key && remember(wrapped.subjectId, nameOf(key), key);
  }

  /** Makes the subject's first key of a class; null when another request was faster, or the plan is old. */
  async function make(subjectId: string, dataClass: DataKeyClass): Promise<DataKey | null> {
    const share = await shareOf(subjectId);
    const named = {
      dekId: options.newId("dek"),
      version: 1,
      subjectId,
      class: dataClass,
      kekVersion: await plan.wrapVersion(),
    };
    const { wrapped, key } = await wraps.make(named, share);
    share.fill(0);
    return (await wrappedKeys.add(wrapped)) ? remember(subjectId, nameOf(key), key) : null;
  }

  async function shareOf(subjectId: string): Promise<Uint8Array<ArrayBuffer>> {
    const known = await shares.get(subjectId);
    if (known) return known;
    const share = new Uint8Array(shareByteLength);
    fillRandom(share);
    if (await shares.create(subjectId, share)) return share;
    const first = await shares.get(subjectId);
    if (!first) throw new Error("a share was shredded while it was made");
    return first;
  }

  return {
    async obtain(subjectId, dataClass) {
      const name = `${subjectId} ${dataClass}`;
      const known = recall(name);
      if (known) return known;
      for (let tries = 0; tries < maxTries; tries += 1) {
        const current = await wrappedKeys.current(subjectId, dataClass);
        const key = current ? await open(current) : await make(subjectId, dataClass);
        if (key) return remember(subjectId, name, key);
        if (current) throw new Error("the subject was shredded");
        plan.forget();
      }
      throw new Error("no key could be made");
    },
    async find(subjectId, dekId, version) {
      const known = recall(`${dekId} ${version}`);
      if (known) return known;
      const wrapped = await wrappedKeys.find(dekId, version);
      // A value that names the key of somebody else was put where it is by a forger.
      return wrapped?.subjectId === subjectId ? open(wrapped) : null;
    },
    async learn(wrapped) {
      if (!recall(`${wrapped.dekId} ${wrapped.version}`)) await open(wrapped);
    },
    forget,
    async shred(subjectId) {
      await shares.remove(subjectId);
      await wrappedKeys.removeAll(subjectId);
      forget(subjectId);
    },
  };
}

const nameOf = ({ dekId, version }: DataKey) => `${dekId} ${version}`;
