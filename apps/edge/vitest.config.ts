import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { platformRandom } from "@hi-stranger/core/codec/ids";
import { createKeyring, writeKeyring } from "@hi-stranger/core/crypto/keyring";
import { reveal } from "@hi-stranger/core/crypto/redacted";
import { defineConfig } from "vitest/config";
import { highLimits } from "./local/limits.ts";

export default defineConfig(async () => ({
  plugins: [
    cloudflareTest({
      wrangler: { configPath: "./wrangler.jsonc" },
      miniflare: {
        cf: false,
        bindings: {
          HS_ENV: "local",
          KEYRING: reveal(writeKeyring(createKeyring(platformRandom))),
          // So high that only tests of limits, which bring their own, meet one.
          RATE_LIMITS: JSON.stringify(highLimits),
          OPERATOR_SECRET: "the-operator-secret-of-the-tests-0123456789",
          DB_MIGRATIONS: await readD1Migrations(`${import.meta.dirname}/migrations/db`),
          PII_DB_MIGRATIONS: await readD1Migrations(`${import.meta.dirname}/migrations/pii`),
        },
      },
    }),
  ],
  test: {
    name: "edge",
    include: ["test/**/*.test.ts"],
    exclude: ["test/**/*.node.test.ts"],
    setupFiles: ["./test/support/fresh-bindings.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What a file may find is emptied by `fresh-bindings.ts`.
    isolate: false,
  },
}));
