/** What a handle to a vault holds. Operations change it, one at a time. */
import { toHex } from "@hi-stranger/core/codec/bytes";
import type { Header } from "../header/header-file.ts";
import type { HeaderPayload, VaultIdentity } from "../header/header-payload.ts";
import type { Database, DeviceKey, VaultPlatform } from "../ports.ts";
import { wipe } from "../secret-bytes.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { SlotContext, Slots } from "../slots/slot.ts";
import { VaultError } from "../vault-error.ts";

export interface VaultState {
  readonly platform: VaultPlatform;
  /** Open from the first operation that needs it until the handle is closed. */
  auth: OpenAuth | null;
  unlocked: Unlocked | null;
  grant: Grant | null;
  /** Bundles that are being read for the open vault; a lock ends them. */
  readonly imports: Set<AbortController>;
  /** Called once no session is left: the vault is to be locked. */
  readonly onAllSessionsEnded: () => void;
}

/** `auth.db`, open. */
export interface OpenAuth {
  /** The vault's id as the key store knows it. */
  readonly vaultName: string;
  readonly deviceKey: DeviceKey;
  readonly database: Database;
}

/** The vault, open. */
export interface Unlocked {
  /** 32 bytes, wiped when the vault is locked. */
  readonly vmk: Uint8Array<ArrayBuffer>;
  /** 32 bytes, wiped when the vault is locked. */
  readonly macKey: Uint8Array<ArrayBuffer>;
  /** `vault.db`. */
  readonly database: Database;
  readonly auth: OpenAuth;
  header: Header;
  /** Where the counter stands (see `epochs.ts`). */
  epoch: number;
  /** What of it every place has; less than `epoch` after a change of secrets that was cut short. */
  settledEpoch: number;
  sessions: Sessions | null;
}

/** A recovery that succeeded: the right to set a new passphrase, for a while. */
export interface Grant {
  /** 32 bytes, wiped when the grant ends. */
  readonly vmk: Uint8Array<ArrayBuffer>;
  /** The slot that gave it. */
  readonly proven: Partial<Slots>;
  readonly method: "code" | "answers";
  /** The answers, when all were right, by the question they answer; wiped when the grant ends. */
  readonly answers: readonly RightAnswer[];
  /** On the monotonic clock. */
  readonly expiresAtMs: number;
  readonly cancelTimer: () => void;
}

export interface RightAnswer {
  readonly questionId: number;
  readonly answer: Uint8Array<ArrayBuffer>;
}

/** @throws {VaultError} `vault_locked`. */
export function unlockedOf(state: VaultState): Unlocked {
  if (!state.unlocked) throw new VaultError("vault_locked");
  return state.unlocked;
}

/** The vault's id as the key store knows it: 32 hexadecimal digits. */
export function vaultNameOf({ vaultId }: Pick<VaultIdentity, "vaultId">): string {
  return toHex(vaultId);
}

export function slotContext(
  { subtle, fillRandom, argon2id }: VaultPlatform,
  { vaultId }: Pick<HeaderPayload, "vaultId">,
): SlotContext {
  return { subtle, fillRandom, argon2id, vaultId };
}

/** Ends the right to set a new passphrase, if there is one. */
export function dropGrant(state: VaultState): void {
  const { grant } = state;
  if (!grant) return;
  grant.cancelTimer();
  wipe(grant.vmk, ...grant.answers.map(({ answer }) => answer));
  state.grant = null;
  state.platform.collectGarbage?.();
}
