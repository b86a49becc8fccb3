/**
 * A bundle: all that a vault keeps, in one encrypted file, for another device or for safekeeping.
 *
 * It opens with the passphrase or the recovery code that its vault had when it was written. Importing
 * is whole or nothing (`handle/importing.ts`): all of it is proven and checked before anything is
 * written.
 */
import { toInstant } from "@hi-stranger/core/clock";
import { InputTooLargeError } from "@hi-stranger/core/codec/ndjson";
import { type VaultState, slotContext, unlockedOf } from "../handle/state.ts";
import type { VaultPlatform } from "../ports.ts";
import { createRecordStores } from "../records/record-stores.ts";
import type { AllRows } from "../records/write-all.ts";
import { randomBytes, wipe } from "../secret-bytes.ts";
import { openPassphraseSlot } from "../slots/passphrase-slot.ts";
import { openRecoverySlot } from "../slots/recovery-slot.ts";
import { VaultError } from "../vault-error.ts";
import {
  type BundleHeader,
  bundleHeaderLength,
  bundleSaltByteLength,
  decodeBundleHeader,
  deriveBundleKey,
  encodeBundleHeader,
  prefixByteLength,
} from "./bundle-header.ts";
import { exportLines, importRows } from "./bundle-lines.ts";
import { createByteReader, toByteSource, untilAborted } from "./byte-reader.ts";
import { openStream, sealStream } from "./sealed-stream.ts";

/** Largest content of a bundle that is read, as it is held in memory until all of it is checked. */
const maxContentBytes = 512 * 1024 * 1024;

/** What opens a bundle; UTF-8 as typed, wiped by the caller. */
export type BundleSecret = { readonly passphrase: Uint8Array } | { readonly code: Uint8Array };

/**
 * The bytes of a bundle, as they are made.
 *
 * @throws {VaultError} `vault_locked`, also when the vault is locked before the end.
 */
export async function* exportBundle(state: VaultState): AsyncGenerator<Uint8Array, void> {
  const { platform } = state;
  const { header, database, vmk } = unlockedOf(state);
  const { vaultId, slots } = header.payload;
  const salt = randomBytes(platform.fillRandom, bundleSaltByteLength);
  const createdAtMs = platform.clock.now();
  const head = encodeBundleHeader({ vaultId, salt, slots, createdAtMs });
  const key = await deriveBundleKey(platform.subtle, vmk, { vaultId, salt }, head);
  try {
    yield head;
    const lines = exportLines(createRecordStores(database), toInstant(createdAtMs));
    yield* sealStream(platform.subtle, key, encoded(lines));
  } finally {
    wipe(key);
  }
}

/**
 * Everything in a bundle, once all of it is proven and checked. The caller wipes the secrets in it.
 *
 * @param signal Ends the reading, even while `source` keeps it waiting.
 * @throws {VaultError} `vault_locked` when `signal` ended it, `unlock_failed`, `mistyped_code`,
 *   `invalid_bundle`, `newer_version`, `hostile_parameters`.
 */
export async function readBundle(
  platform: VaultPlatform,
  source: AsyncIterable<Uint8Array>,
  secret: BundleSecret,
  signal: AbortSignal,
): Promise<AllRows> {
  const bytes = untilAborted(source, signal);
  const reader = createByteReader(bytes);
  let key: Uint8Array<ArrayBuffer> | null = null;
  try {
    const prefix = await reader.take(prefixByteLength);
    const json = await reader.take(bundleHeaderLength(prefix) - prefixByteLength);
    const head = Uint8Array.of(...prefix, ...json);
    key = await openBundle(platform, decodeBundleHeader(head), head, secret);
    const content = openStream(platform.subtle, key, reader.rest());
    return await importRows(toByteSource(content), maxContentBytes);
  } catch (error) {
    if (error instanceof InputTooLargeError) throw new VaultError("invalid_bundle");
    throw error;
  } finally {
    wipe(key);
    await bytes.return();
  }
}

/** The key of the stream, from the secret. */
async function openBundle(
  platform: VaultPlatform,
  header: BundleHeader,
  head: Uint8Array,
  secret: BundleSecret,
): Promise<Uint8Array<ArrayBuffer>> {
  const context = slotContext(platform, header);
  const { passphrase, recovery } = header.slots;
  const vmk =
    "passphrase" in secret
      ? (await openPassphraseSlot(context, passphrase, secret.passphrase))?.vmk
      : recovery && (await openRecoverySlot(context, recovery, secret.code));
  if (!vmk) throw new VaultError("unlock_failed");
  const key = await deriveBundleKey(platform.subtle, vmk, header, head);
  wipe(vmk);
  return key;
}

async function* encoded(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array, void> {
  const encoder = new TextEncoder();
  for await (const line of lines) yield encoder.encode(line);
}
