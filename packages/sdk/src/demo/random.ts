/**
 * Repeatable pseudo-random numbers for demo data. Never use them for a secret or an id that must
 * not be guessed.
 *
 * The generator is sfc32 (Chris Doty-Humphrey's Small Fast Counter of PractRand), its state filled
 * by splitmix32, so that neighbouring seeds give unrelated sequences.
 */

/** A sequence of pseudo-random draws. */
export interface Random {
  /** An integer from 0 to 2^32 - 1. */
  next(): number;
  /** An integer from 0 to `bound` - 1; `bound` is from 1 to 2^32. */
  below(bound: number): number;
  /** True in `percent` of 100 draws. */
  chance(percent: number): boolean;
  /** One of `values`, which are not empty. */
  pick<T>(values: readonly T[]): T;
  /** `count` different entries of `values`, in random order; `count` is not above their number. */
  sample<T>(values: readonly T[], count: number): T[];
}

/** Starts the sequence that belongs to `seed`, a safe integer. */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed)) throw new RangeError("a seed is a safe integer");
  const next = createSfc32(seed);
  const below = (bound: number) => Math.floor((next() / 0x1_0000_0000) * bound);
  return {
    next,
    below,
    chance: (percent) => below(100) < percent,
    pick: <T>(values: readonly T[]) => values[below(values.length)] as T,
    sample<T>(values: readonly T[], count: number) {
      const rest = values.slice();
      for (let index = 0; index < count; index++) {
        const other = index + below(rest.length - index);
        const picked = rest[other] as T;
        rest[other] = rest[index] as T;
        rest[index] = picked;
      }
      rest.length = count;
      return rest;
    },
  };
}

function createSfc32(seed: number): () => number {
  const fill = createSplitmix32(seed | 0);
  let a = fill() ^ Math.floor(seed / 0x1_0000_0000);
  let b = fill();
  let c = fill();
  let counter = 1;
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  // The first draws still show the seed.
  for (let round = 0; round < 12; round++) next();
  return next;
}

function createSplitmix32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e37_79b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0_aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a_2d97);
    return mixed ^ (mixed >>> 15);
  };
}
