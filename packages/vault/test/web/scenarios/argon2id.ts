/** Scenarios of Argon2id. */
import setUp from "argon2id/lib/setup.js";
import { loadArgon2id } from "../../../src/web/argon2id.ts";
import { argon2idUrls } from "../../../src/web/argon2id-urls.ts";
import type { Argon2idInput } from "../../../src/ports.ts";

/** Runs with SIMD and without. */
export async function hashTwice(input: Argon2idInput): Promise<Uint8Array[]> {
  const { plain } = argon2idUrls;
  const variants = await Promise.all([
    loadArgon2id(argon2idUrls),
    loadArgon2id({ simd: plain, plain }),
  ]);
  const results: Uint8Array[] = [];
  for (const argon2id of variants) results.push(await argon2id(input));
  return results;
}

export interface SecretInput extends Argon2idInput {
  readonly secret: Uint8Array;
  readonly associatedData: Uint8Array;
}

/** Runs the library that the adapter calls, with SIMD and without. */
export async function hashWithSecret(input: SecretInput): Promise<Uint8Array[]> {
  const { memoryKib, byteLength, associatedData, ...rest } = input;
  const results: Uint8Array[] = [];
  for (const url of [argon2idUrls.simd, argon2idUrls.plain]) {
    const instantiate = async (imports: WebAssembly.Imports) =>
      WebAssembly.instantiateStreaming(fetch(url), imports);
    const hash = await setUp(instantiate, instantiate);
    const cost = { memorySize: memoryKib, tagLength: byteLength };
    results.push(hash({ ...rest, ...cost, ad: associatedData }));
  }
  return results;
}

/** What the memory of a run holds after it, as the number of its 64-bit words that are not zero. */
export async function leftovers(input: Argon2idInput): Promise<number> {
  const memories: WebAssembly.Memory[] = [];
  const { Memory } = WebAssembly;
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor);
      memories.push(this);
    }
  };
  try {
    const argon2id = await loadArgon2id(argon2idUrls);
    await argon2id(input);
  } finally {
    WebAssembly.Memory = Memory;
  }
  if (memories.length === 0) throw new Error("the run took no memory");
  let count = 0;
  for (const { buffer } of memories) {
    for (const word of new BigUint64Array(buffer)) if (word !== 0n) count += 1;
  }
  return count;
}
