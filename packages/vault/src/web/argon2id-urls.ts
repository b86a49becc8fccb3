/** Where the bundler puts Argon2id's files. They are small, but no page of ours may load a `data:` address. */
import plain from "argon2id/dist/no-simd.wasm?url&no-inline";
import simd from "argon2id/dist/simd.wasm?url&no-inline";
import type { Argon2idUrls } from "./argon2id.ts";

export const argon2idUrls: Argon2idUrls = { plain, simd };
