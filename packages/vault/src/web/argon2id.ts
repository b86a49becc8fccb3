/**
 * Argon2id (RFC 9106) in WebAssembly, from files of our own origin: with SIMD, or without where the
 * engine has none. The page's policy needs `script-src 'wasm-unsafe-eval'` and `connect-src 'self'`.
 *
 * Each run gets memory of its own, which is wiped and let go after it. What the library copies
 * outside of that memory (the password, once) stays until garbage collection: to be rid of it for
 * certain, end the worker.
 */
import setUp from "argon2id/lib/setup.js";
import type { Argon2id, Argon2idInput } from "../ports.ts";

export interface Argon2idUrls {
  readonly simd: string;
  readonly plain: string;
}

/** Bytes before the blocks, at most, that the library works in. */
const scratchBytes = 16 * 1024;

/** Loads and compiles the module at once; a network that goes away later does no harm. */
export async function loadArgon2id(urls: Argon2idUrls): Promise<Argon2id> {
  const module = await compile(urls);
  return (input) => run(module, input);
}

async function compile({ simd, plain }: Argon2idUrls): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compileStreaming(fetch(simd));
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    // An engine without SIMD.
    return WebAssembly.compileStreaming(fetch(plain));
  }
}

async function run(
  module: WebAssembly.Module,
  { password, salt, memoryKib, passes, parallelism, byteLength }: Argon2idInput,
): Promise<Uint8Array<ArrayBuffer>> {
  let memory: WebAssembly.Memory | undefined;
  const instantiate = async (imports: WebAssembly.Imports) => {
    const given = imports["env"]?.["memory"];
    if (given instanceof WebAssembly.Memory) memory = given;
    return { module, instance: await WebAssembly.instantiate(module, imports) };
  };
  const hash = await setUp(instantiate, instantiate);
  try {
    const tag = hash({
      password,
      salt,
      parallelism,
      passes,
      memorySize: memoryKib,
      tagLength: byteLength,
    });
    const result = new Uint8Array(tag);
    tag.fill(0);
    return result;
  } finally {
    if (memory) wipe(memory, memoryKib);
  }
}

/** Wipes what was written; touching the rest would only make it real. */
function wipe({ buffer }: WebAssembly.Memory, memoryKib: number): void {
  const usedBytes = Math.min(buffer.byteLength, memoryKib * 1024 + scratchBytes);
  new Uint8Array(buffer, 0, usedBytes).fill(0);
}
