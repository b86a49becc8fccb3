import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type EpochPlace,
  type Epochs,
  epochPlaces,
  laggingPlaces,
  latestEpoch,
  oldPlaces,
} from "../src/epochs.ts";

const atRest: Epochs = { "vault.db": 7, "auth.db": 7, header: 7, "device record": 7 };

/** The places after openings and closings of which some were cut short after so many writes. */
function afterCrashes(crashes: readonly number[]): Epochs {
  const epochs: Record<EpochPlace, number> = {
    "vault.db": 7,
    "auth.db": 7,
    header: 7,
    "device record": 7,
  };
  const write = (places: readonly EpochPlace[], epoch: number, count: number): number => {
    for (const place of places.slice(0, count)) epochs[place] = epoch;
    return Math.max(0, count - places.length);
  };
  for (const writeCount of crashes) {
    const latest = latestEpoch(epochs);
    const left = write(laggingPlaces(epochs), latest, writeCount);
    if (laggingPlaces(epochs).length === 0) write(epochPlaces, latest + 1, left);
  }
  return epochs;
}

test("at rest, nothing is old and nothing lags", () => {
  expect(oldPlaces(atRest)).toEqual([]);
  expect(laggingPlaces(atRest)).toEqual([]);
});

test("no row of crashes makes a place look old", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(8), { maxLength: 12 }), (crashes) => {
      expect(oldPlaces(afterCrashes(crashes))).toEqual([]);
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
        const epochs = afterCrashes(crashes);
        const put = { ...epochs, [place]: (epochs[place] ?? 0) - steps };
        expect(oldPlaces(put)).toContain(place);
      },
    ),
  );
});

test.each([
  ["vault.db", { ...atRest, "vault.db": 6 }],
  ["auth.db", { ...atRest, "auth.db": 6 }],
  ["header", { ...atRest, header: 6 }],
] as const)("%s from one opening ago is old, as the record is ahead of it", (place, epochs) => {
  expect(oldPlaces(epochs)).toEqual([place]);
});

test("all files put back together are old by the record beside the device key", () => {
  const epochs = { "vault.db": 6, "auth.db": 6, header: 6, "device record": 7 };
  expect(oldPlaces(epochs)).toEqual(["vault.db", "auth.db", "header"]);
});

test("a place that can't be read says nothing", () => {
  expect(oldPlaces({ ...atRest, "auth.db": null, "device record": null })).toEqual([]);
});
