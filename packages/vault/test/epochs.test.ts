import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type EpochPlace,
  type Epochs,
  epochPlaces,
  laggingPlaces,
  latestEpoch,
  nextEpoch,
  oldPlaces,
  plausibleEpochs,
} from "../src/epochs.ts";

const atRest = {
  "vault.db": 7,
  header: 7,
  "auth.db": 7,
  "device record": 7,
} as const satisfies Epochs;

/** Moves of the counter of which some were cut short after so many writes, and what was noted. */
function afterCrashes(crashes: readonly number[]): { epochs: Epochs; settled: number | null } {
  const epochs: Record<EpochPlace, number> = { ...atRest };
  let settled: number | null = null;
  const write = (places: readonly EpochPlace[], epoch: number, count: number): number => {
    for (const place of places.slice(0, count)) epochs[place] = epoch;
    return Math.max(0, count - places.length);
  };
  for (const writeCount of crashes) {
    const latest = latestEpoch(epochs);
    const left = write(laggingPlaces(epochs), latest, writeCount);
    if (laggingPlaces(epochs).length > 0) continue;
    // The last write, after those of the places, is the note.
    if (write(epochPlaces, latest + 1, left) > 0) settled = latest + 1;
  }
  return { epochs, settled };
}

test("at rest, nothing is old and nothing lags", () => {
  for (const settled of [null, 6, 7]) expect(oldPlaces(atRest, settled)).toEqual([]);
  expect(laggingPlaces(atRest)).toEqual([]);
});

test("no row of crashes makes a place look old", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(8), { maxLength: 12 }), (crashes) => {
      const { epochs, settled } = afterCrashes(crashes);
      expect(oldPlaces(epochs, settled)).toEqual([]);
    }),
  );
});

test("any one place put back to an earlier counter is old, whatever crashes came before", () => {
  const back = fc.integer({ min: 2, max: 5 });
  fc.assert(
    fc.property(
      fc.array(fc.nat(8), { maxLength: 6 }),
      fc.constantFrom(...epochPlaces),
      back,
      (crashes, place, steps) => {
        const { epochs, settled } = afterCrashes(crashes);
        const put = { ...epochs, [place]: (epochs[place] ?? 0) - steps };
        expect(oldPlaces(put, settled)).toContain(place);
      },
    ),
  );
});

test.each([
  ["vault.db", { ...atRest, "vault.db": 6 }],
  ["header", { ...atRest, header: 6 }],
  ["auth.db", { ...atRest, "auth.db": 6 }],
] as const)("%s from one opening ago is old, as the record is ahead of it", (place, epochs) => {
  expect(oldPlaces(epochs, null)).toEqual([place]);
});

test("all files put back together are old by the record beside the device key", () => {
  const epochs = { "vault.db": 6, header: 6, "auth.db": 6, "device record": 7 };
  expect(oldPlaces(epochs, 6)).toEqual(["vault.db", "header", "auth.db"]);
});

test("a place that can't be read says nothing", () => {
  expect(oldPlaces({ ...atRest, "auth.db": null, "device record": null }, 7)).toEqual([]);
});

test("once all places were noted to be written, whichever of them are put back by one are old", () => {
  const later = epochPlaces.slice(1);
  fc.assert(
    fc.property(fc.subarray(later, { minLength: 1 }), (places) => {
      const put = Object.fromEntries(places.map((place) => [place, 6]));
      expect(oldPlaces({ ...atRest, ...put }, 7)).toEqual(places);
    }),
  );
});

test("a record far ahead of every file says nothing, and one that is ahead says what it says", () => {
  const far = { ...atRest, "device record": Number.MAX_SAFE_INTEGER };
  expect(plausibleEpochs(far)).toEqual({ ...atRest, "device record": null });
  const ahead = { ...atRest, "device record": 1_000_000 };
  expect(plausibleEpochs(ahead)).toEqual(ahead);
});

test("no counter is written that couldn't be read again", () => {
  expect(nextEpoch(7)).toBe(8);
  expect(() => nextEpoch(Number.MAX_SAFE_INTEGER)).toThrow(
    expect.objectContaining({ code: "damaged" }),
  );
});
