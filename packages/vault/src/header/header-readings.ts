/** What a header's file says of the vault while nothing in it is proven. */
import { type HeaderFile, wholeCopies } from "./header-file.ts";
import { type HeaderPayload, type VaultIdentity, isSameIdentity } from "./header-payload.ts";
import { areSameSlots } from "./slots-json.ts";

/**
 * What the whole copies say, the newest first, and each set of slots once: two readings where a
 * change was cut short, or where somebody has changed a copy; none where no copy is whole.
 */
export function readingsOf(file: HeaderFile): HeaderPayload[] {
  const { identity } = file;
  const payloads = wholeCopies(file).map(({ payload }) => payload);
  // Where one of the three says that this is another vault, the other two are right.
  const agreeing = payloads.filter((payload) => identity && isSameIdentity(payload, identity));
  const [newest, other] = agreeing.length > 0 ? agreeing : payloads;
  if (!newest) return [];
  return other && !areSameSlots(newest.slots, other.slots) ? [newest, other] : [newest];
}

/** Which vault it is, as far as any part of the header tells. */
export function knownIdentity({ copies, identity }: HeaderFile): VaultIdentity | null {
  const [whole] = copies.flatMap((copy) => (copy.kind === "whole" ? [copy.payload] : []));
  return identity ?? whole ?? null;
}
