/** `auth.db`: the one user, the third copy of the slots, settings and the log. */
import { toInstant } from "@hi-stranger/core/clock";
import type { HeaderPayload } from "../header/header-payload.ts";
import { jsonToSlots, slotsToJson } from "../header/slots-json.ts";
import { ShapeError } from "../header/strict-json.ts";
import type { Database } from "../ports.ts";
import { base64Text } from "../text/base64.ts";
import type { Slots } from "../slots/slot.ts";
import type { PredefinedQuestion } from "./predefined-questions.ts";

/** What is noted about the vault's secrets, never with one. */
export type VaultEvent =
  | "created"
  | "passphrase_changed"
  | "recovery_code_renewed"
  | "questions_changed"
  | "recovered_by_code"
  | "recovered_by_answers"
  | "passphrase_reset"
  | "locked_out"
  | "old_copy_accepted"
  | "header_rebuilt"
  | "auth_rebuilt";

/** The vault has one user. */
export const userId = 1;

type SettingName = "epoch" | "created_at" | "session_minutes";

export function readSetting(database: Database, name: SettingName): string | null {
  const row = database.get<{ value: string }>("SELECT value FROM settings WHERE name = ?", name);
  return row?.value ?? null;
}

/** The counter (see `epochs.ts`), or null when it can't be read. */
export function readAuthEpoch(database: Database): number | null {
  const value = readSetting(database, "epoch");
  const epoch = Number(value);
  return value !== null && Number.isSafeInteger(epoch) && epoch >= 0 ? epoch : null;
}

export function writeSetting(database: Database, name: SettingName, value: string): void {
  database.run(
    `INSERT INTO settings (name, value) VALUES (?, ?)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    name,
    value,
  );
}

/** The user's PHC string, or null when there is no user. */
export function readPassphraseHash(database: Database): string | null {
  const sql = "SELECT encrypted_passphrase FROM users WHERE id = ?";
  return database.get<{ encrypted_passphrase: string }>(sql, userId)?.encrypted_passphrase ?? null;
}

/** Keeps the user's PHC string and the salt that is in it. `at` is an instant. */
export function writePassphraseHash(
  database: Database,
  { phc, salt, at }: { phc: string; salt: Uint8Array; at: string },
): void {
  database.run(
    `INSERT INTO users (id, encrypted_passphrase, salt, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET encrypted_passphrase = excluded.encrypted_passphrase,
       salt = excluded.salt, updated_at = excluded.updated_at`,
    userId,
    phc,
    base64Text(salt),
    at,
    at,
  );
}

/** Keeps the third copy of the header's slots, and what else it takes to rebuild the header. */
export function mirrorHeader(database: Database, payload: HeaderPayload, at: string): void {
  const bodies = slotsToJson(payload.slots);
  for (const slot of ["p", "r", "q"] as const) {
    database.run(
      `INSERT INTO key_slots (slot, body, updated_at) VALUES (?, ?, ?)
       ON CONFLICT (slot) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at
       WHERE body <> excluded.body`,
      slot,
      JSON.stringify(bodies[slot]),
      at,
    );
  }
  writeSetting(database, "created_at", payload.createdAt);
}

/** The slots of the third copy, or null when they aren't whole. */
export function readMirroredSlots(database: Database): Slots | null {
  const rows = database.all<{ slot: string; body: string }>("SELECT slot, body FROM key_slots");
  try {
    const bodies = rows.map(({ slot, body }) => [slot, JSON.parse(body)] as const);
    return jsonToSlots(Object.fromEntries(bodies));
  } catch (error) {
    if (error instanceof ShapeError || error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Notes what happened. `nowMs` is of the wall clock. */
export function logEvent(database: Database, kind: VaultEvent, nowMs: number): void {
  database.run("INSERT INTO events (kind, created_at) VALUES (?, ?)", kind, toInstant(nowMs));
}

/** The catalogue, in its order. */
export function listPredefinedQuestions(database: Database): PredefinedQuestion[] {
  return database.all<PredefinedQuestion>(
    "SELECT id, question_text AS text FROM predefined_questions ORDER BY question_order",
  );
}
