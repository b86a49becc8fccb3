import { defineConfig } from "vitest/config";
import { inChromium } from "../../vitest.chromium.ts";

export default defineConfig({
  optimizeDeps: {
    // Named here, because a dependency that Vite comes upon during a run makes it start over.
    include: [
      "@noble/hashes/sha2.js",
      "@zxcvbn-ts/core",
      "@zxcvbn-ts/language-common",
      "@zxcvbn-ts/language-en",
      "argon2id/lib/setup.js",
      "fast-check",
      "jose",
      "shamir-secret-sharing",
      "typebox",
      "typebox/format",
      "typebox/value",
    ],
    // It finds its WebAssembly beside itself.
    exclude: ["@evolu/sqlite-wasm"],
  },
  worker: { format: "es" },
  test: {
    name: "vault in a browser",
    // The adapters, and of the core what needs no files.
    include: ["test/{auth,header,passphrase,slots,text,web}/**/*.test.ts"],
    testTimeout: 60_000,
    isolate: false,
    browser: inChromium,
  },
});
