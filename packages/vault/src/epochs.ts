/**
 * Noticing an old copy that was put back: pure decisions.
 *
 * A counter stands in four places: `vault.db`, the header, `auth.db` and the record beside the device
 * key. Each opening, each closing and each change of the vault's secrets makes it one more, in this
 * order. So at rest all four are equal, and a crash in between leaves the first of them one ahead of
 * the rest. After a closing and after a change of secrets, `vault.db` also notes that all four are
 * written: no crash explains a place that is behind what was noted. Everything else is a part that
 * was put back. The record is out of reach for whoever has the files alone, so it also shows when
 * all of them were put back together.
 *
 * What it can't show: a copy made since the counter last moved; all four put back together.
 */

import { VaultError } from "./vault-error.ts";

/** A place of the counter, in the order they are written. */
export type EpochPlace = "vault.db" | "header" | "auth.db" | "device record";

/** The counter in each place; null where it can't be read, such as without a device key. */
export type Epochs = Readonly<Record<EpochPlace, number | null>>;

export const epochPlaces: readonly EpochPlace[] = [
  "vault.db",
  "header",
  "auth.db",
  "device record",
];

/** How far the record can be ahead of files that were put back. */
const maxLead = 2 ** 32;

/**
 * The counters, without one of the record that is further ahead than any vault was ever opened: the
 * others carry a proof and the record doesn't, and a counter only goes up.
 */
export function plausibleEpochs(epochs: Epochs): Epochs {
  const { "device record": recorded, ...files } = epochs;
  const latest = latestEpoch({ ...files, "device record": null });
  return recorded !== null && recorded > latest + maxLead
    ? { ...epochs, "device record": null }
    : epochs;
}

/**
 * The counter after `epoch`.
 *
 * @throws {VaultError} `damaged` when no number is left, before anything is written.
 */
export function nextEpoch(epoch: number): number {
  if (epoch >= Number.MAX_SAFE_INTEGER) throw new VaultError("damaged", { parts: ["header"] });
  return epoch + 1;
}

/** The highest of them: where the counter stands. */
export function latestEpoch(epochs: Epochs): number {
  return Math.max(0, ...known(epochs).map(([, epoch]) => epoch));
}

/**
 * The places that are older than a crash explains; none when all is well.
 *
 * After a crash the places are at `n + 1` from the first on and at `n` for the rest. `settled` is what
 * `vault.db` notes: all places were at it. Null when it never did.
 */
export function oldPlaces(epochs: Epochs, settled: number | null): EpochPlace[] {
  const atLeast = Math.max(latestEpoch(epochs) - 1, settled ?? 0);
  const places = known(epochs);
  return places.flatMap(([place, epoch], index) => {
    const isAheadLater = places.slice(index + 1).some(([, later]) => later > epoch);
    return epoch < atLeast || isAheadLater ? [place] : [];
  });
}

/** The places that a crash left behind, to be brought up before the counter moves on. */
export function laggingPlaces(epochs: Epochs): EpochPlace[] {
  const latest = latestEpoch(epochs);
  return known(epochs).flatMap(([place, epoch]) => (epoch < latest ? [place] : []));
}

function known(epochs: Epochs): [EpochPlace, number][] {
  return epochPlaces.flatMap((place) => {
    const epoch = epochs[place];
    return epoch === null ? [] : [[place, epoch]];
  });
}
