/**
 * The peer: a bulk import as the usual libraries lead to it, and done well with them.
 *
 * Hono checks a JSON array of records by zod, Drizzle upserts as many rows a statement as D1's 100
 * parameters allow, and all statements of a request travel in one batch, which is a transaction.
 * It does less than the product: no token, no idempotency key, no report, no audit entry, no
 * revisions, no error for each line.
 */
import { zValidator } from "@hono/zod-validator";
import { type SQL, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import { Hono } from "hono";
import { z } from "zod";
import { type PeerProfile, profileSchema } from "./schema.ts";
import { peerProfiles } from "./table.ts";

/** 11 columns a row, and D1 takes 100 parameters a statement. */
const rowsPerStatement = 9;
/** D1 takes 1,000 statements an invocation. */
const maxRowsPerRequest = 9_000;

const app = new Hono<{ Bindings: { DB: D1Database } }>();

app.post(
  "/profiles/import",
  zValidator("json", z.array(profileSchema).min(1).max(maxRowsPerRequest)),
  async (c) => {
    const profiles = c.req.valid("json");
    const db = drizzle(c.env.DB);
    const now = new Date();
    const statements: BatchItem<"sqlite">[] = [];
    for (let index = 0; index < profiles.length; index += rowsPerStatement) {
      statements.push(upsert(db, profiles.slice(index, index + rowsPerStatement), now));
    }
    const [first, ...rest] = statements;
    if (first) await db.batch([first, ...rest]);
    return c.json({ stored: profiles.length });
  },
);

function upsert(db: DrizzleD1Database, profiles: readonly PeerProfile[], now: Date) {
  return db
    .insert(peerProfiles)
    .values(profiles.map((profile) => toRow(profile, now)))
    .onConflictDoUpdate({
      target: peerProfiles.profileId,
      set: {
        body: excluded("body"),
        schemaVersion: excluded("schema_version"),
        language: excluded("language"),
        assertiveness: excluded("assertiveness"),
        empathy: excluded("empathy"),
        stress: excluded("stress"),
        regulation: excluded("regulation"),
        createdAt: excluded("created_at"),
        updatedAt: excluded("updated_at"),
        lastActiveAt: excluded("last_active_at"),
      },
    });
}

function excluded(column: string): SQL {
  return sql.raw(`excluded.${column}`);
}

function toRow(body: PeerProfile, updatedAt: Date): typeof peerProfiles.$inferInsert {
  const { behavior, emotional, system } = body.profile;
  return {
    profileId: body.profile_id,
    body,
    schemaVersion: body.schema_version,
    language: system?.language ?? null,
    assertiveness: behavior.assertiveness_level,
    empathy: emotional.empathy_depth,
    stress: emotional.stress_tolerance,
    regulation: emotional.emotional_regulation,
    createdAt: new Date(body.created_at),
    updatedAt,
    lastActiveAt: system?.last_active === undefined ? null : new Date(system.last_active),
  };
}

export default app;
