/** Opens, makes and renews wraps of data keys, with the subjects' shares. Nothing is remembered here. */
import type { FillRandom } from "@hi-stranger/core/codec/ids";
import {
  type DataKey,
  dataKeyByteLength,
  importDataKey,
  unwrapDataKey,
  wrapDataKey,
} from "@hi-stranger/core/crypto/data-key";
import { type Keyring, KeyringError } from "@hi-stranger/core/crypto/keyring";
import { StoreError } from "@hi-stranger/core/errors";
import type { KeyShares, WrappedKey } from "./identity-ports.ts";

export interface KeyWrapOptions {
  readonly environment: string;
  readonly keyring: Keyring;
  /** Looks for a newer keyring, for a wrap by a root that isn't in this one. */
  readonly refreshKeyring: () => Promise<void>;
  readonly shares: KeyShares;
  readonly subtle: SubtleCrypto;
  readonly fillRandom: FillRandom;
}

/** A wrap that no key opens: it was made for another place, or was changed. */
export class WrapError extends Error {
  override readonly name = "WrapError";
}

export interface KeyWraps {
  /**
   * The key in a wrap, null when its subject's share is gone.
   *
   * @throws {WrapError}
   * @throws {StoreError} `store_unavailable` when the keyring lacks the root that it names.
   */
  open(wrapped: WrappedKey): Promise<DataKey | null>;
  /** Makes a key, with a share that the caller wipes. */
  make(
    named: Omit<WrappedKey, "wrapped">,
    share: Uint8Array<ArrayBuffer>,
  ): Promise<{ wrapped: WrappedKey; key: DataKey }>;
  /** Makes a key for a subject that has a share; null when that is gone. */
  makeFor(
    named: Omit<WrappedKey, "wrapped">,
  ): Promise<{ wrapped: WrappedKey; key: DataKey } | null>;
  /** The same key wrapped by another version of the root. Answers and throws as {@link open} does. */
  renew(wrapped: WrappedKey, kekVersion: number): Promise<WrappedKey | null>;
}

export function createKeyWraps(options: KeyWrapOptions): KeyWraps {
  const { environment, keyring, shares, subtle, fillRandom } = options;

  const wrappingOf = (named: Omit<WrappedKey, "wrapped">, share: Uint8Array<ArrayBuffer>) => {
    const { dekId, version: dekVersion, subjectId, class: dataClass, kekVersion } = named;
    const context = {
      environment,
      dekId,
      dekVersion,
      subjectId,
      class: dataClass,
      kekVersion,
    };
    return { subtle, keyring, share, context };
  };

  /** Hands `use` the share of a subject and wipes it; null without one. */
  async function withShare<Result>(
    subjectId: string,
    use: (share: Uint8Array<ArrayBuffer>) => Promise<Result>,
  ): Promise<Result | null> {
    const share = await shares.get(subjectId);
    if (!share) return null;
    try {
      return await use(share);
    } finally {
      share.fill(0);
    }
  }

  async function unwrap(
    wrapped: WrappedKey,
    share: Uint8Array<ArrayBuffer>,
  ): Promise<Uint8Array<ArrayBuffer>> {
    if (!keyring.rootsByPurpose.kek.has(wrapped.kekVersion)) await options.refreshKeyring();
    try {
      const dek = await unwrapDataKey(wrappingOf(wrapped, share), wrapped.wrapped);
      if (dek) return dek;
    } catch (error) {
      if (!(error instanceof KeyringError)) throw error;
      throw new StoreError(
        "store_unavailable",
        `${error.message} The keyring of this server is not the one that it needs; see docs/keys.md.`,
        { cause: error, headers: { "Retry-After": "10" } },
      );
    }
    throw new WrapError("a data key doesn't unwrap");
  }

  const wraps: KeyWraps = {
    open: (wrapped) =>
      withShare(wrapped.subjectId, async (share) => {
        const dek = await unwrap(wrapped, share);
        return importDataKey(subtle, wrappingOf(wrapped, share).context, dek);
      }),
    async make(named, share) {
      const dek = new Uint8Array(dataKeyByteLength);
      fillRandom(dek);
      const wrapping = wrappingOf(named, share);
      const wrapped = await wrapDataKey(wrapping, dek, fillRandom);
      return {
        wrapped: { ...named, wrapped },
        key: await importDataKey(subtle, wrapping.context, dek),
      };
    },
    makeFor: (named) => withShare(named.subjectId, (share) => wraps.make(named, share)),
    renew: (wrapped, kekVersion) =>
      withShare(wrapped.subjectId, async (share) => {
        const dek = await unwrap(wrapped, share);
        const renewed = { ...wrapped, kekVersion };
        const text = await wrapDataKey(wrappingOf(renewed, share), dek, fillRandom);
        dek.fill(0);
        return { ...renewed, wrapped: text };
      }),
  };
  return wraps;
}
