/**
 * Before each file of tests: empty bindings, and databases with all their tables. Files share an
 * isolate, as bundling the Worker for each would take most of the time.
 */
import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "./env.ts";

await reset();
await applyD1Migrations(env.DB, env.DB_MIGRATIONS);
await applyD1Migrations(env.PII_DB, env.PII_DB_MIGRATIONS);
