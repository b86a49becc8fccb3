/** The bindings of the tests: those of the Worker, and the migrations. */
import { env as cloudflareEnv } from "cloudflare:workers";
import type { D1Migration } from "cloudflare:test";
import type { Env } from "../../src/env.ts";

export const env = cloudflareEnv as unknown as Env &
  Required<
    Pick<Env, "DB" | "PII_DB" | "KEY_SHARES" | "AUDIT_CHECKPOINTS" | "KEYRING" | "OPERATOR_SECRET">
  > & {
    DB_MIGRATIONS: D1Migration[];
    PII_DB_MIGRATIONS: D1Migration[];
  };
