/** The peer's table: the product's columns and index by language, without revisions and their index. */
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { PeerProfile } from "./schema.ts";

export const peerProfiles = sqliteTable(
  "peer_profiles",
  {
    profileId: text("profile_id").primaryKey(),
    body: text("body", { mode: "json" }).$type<PeerProfile>().notNull(),
    schemaVersion: text("schema_version").notNull(),
    language: text("language"),
    assertiveness: integer("assertiveness").notNull(),
    empathy: integer("empathy").notNull(),
    stress: integer("stress").notNull(),
    regulation: text("regulation").notNull(),
    createdAt: integer("created_at", { mode: "timestamp_ms" }).notNull(),
    updatedAt: integer("updated_at", { mode: "timestamp_ms" }).notNull(),
    lastActiveAt: integer("last_active_at", { mode: "timestamp_ms" }),
  },
  (table) => [index("peer_profiles_by_language").on(table.language, table.profileId)],
);

/** What drizzle-kit makes of it. */
export const peerDdl = [
  `CREATE TABLE peer_profiles (
    profile_id text PRIMARY KEY NOT NULL, body text NOT NULL, schema_version text NOT NULL,
    language text, assertiveness integer NOT NULL, empathy integer NOT NULL, stress integer NOT NULL,
    regulation text NOT NULL, created_at integer NOT NULL, updated_at integer NOT NULL,
    last_active_at integer)`,
  "CREATE INDEX peer_profiles_by_language ON peer_profiles (language, profile_id)",
];
