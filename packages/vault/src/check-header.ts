/** Looking over the header without any secret. */
import { equalBytes } from "@hi-stranger/core/crypto/equal";
import { vaultNameOf } from "./handle/state.ts";
import type { HeaderFile } from "./header/header-file.ts";
import {
  type HeaderPayload,
  type VaultIdentity,
  encodePayload,
  isSameIdentity,
} from "./header/header-payload.ts";
import { knownIdentity } from "./header/header-readings.ts";
import { areSameSlots } from "./header/slots-json.ts";
import type { Slots } from "./slots/slot.ts";
import type { VaultErrorCode } from "./vault-error.ts";

export interface HeaderCheck {
  /** As the key store knows the vault; null when no part of the header tells. */
  readonly vaultName: string | null;
  readonly copies: readonly CopyCheck[];
  /**
   * Whether nothing whole in it contradicts the rest, as nothing does at rest: a change was cut short,
   * or somebody has changed a part. Unlocking tells.
   */
  readonly isConsistent: boolean;
  readonly isIdentityWhole: boolean;
}

export type CopyCheck =
  | {
      readonly state: "whole";
      readonly generation: number;
      readonly createdAt: string;
      readonly passphraseKdf: { readonly memoryKib: number; readonly passes: number };
      readonly hasRecoveryCode: boolean;
      readonly questionCount: number;
    }
  | { readonly state: "damaged" }
  | { readonly state: "refused"; readonly code: VaultErrorCode };

/** @param keptSlots What `auth.db` keeps of the slots; null when that isn't known. */
export function checkHeader(
  { copies, identity }: HeaderFile,
  keptSlots: Slots | null,
): HeaderCheck {
  const payloads = copies.flatMap((copy) => (copy.kind === "whole" ? [copy.payload] : []));
  const known = knownIdentity({ copies, identity });
  return {
    vaultName: known ? vaultNameOf(known) : null,
    copies: copies.map(checkCopy),
    isConsistent:
      areConsistent(payloads, identity) &&
      payloads.every(({ slots }) => !keptSlots || areSameSlots(slots, keptSlots)),
    isIdentityWhole: identity !== null,
  };
}

function areConsistent(
  [first, second]: readonly HeaderPayload[],
  identity: VaultIdentity | null,
): boolean {
  if (!first) return true;
  const isOfIdentity = !identity || isSameIdentity(first, identity);
  return isOfIdentity && (!second || equalBytes(encodePayload(first), encodePayload(second)));
}

function checkCopy(copy: HeaderFile["copies"][number]): CopyCheck {
  if (copy.kind === "damaged") return { state: "damaged" };
  if (copy.kind === "refused") return { state: "refused", code: copy.error.code };
  const { createdAt, slots } = copy.payload;
  const { memoryKib, passes } = slots.passphrase.kdf;
  return {
    state: "whole",
    generation: copy.generation,
    createdAt,
    passphraseKdf: { memoryKib, passes },
    hasRecoveryCode: slots.recovery !== null,
    questionCount: slots.questions?.count ?? 0,
  };
}
