import { applyD1Migrations } from "cloudflare:test";
import { env } from "./env.ts";

await applyD1Migrations(env.DB, env.DB_MIGRATIONS);
await applyD1Migrations(env.PII_DB, env.PII_DB_MIGRATIONS);
