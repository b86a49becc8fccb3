/**
 * The person's questions, in `security_questions`.
 *
 * The rows of a new set are written beside the old one's; the header's slot Q, which names its set,
 * decides which count. So a change is whole at every moment, and what doesn't count is removed.
 */
import type { Database } from "../ports.ts";
import { type MaskedShare, maskedShareToText, textToMaskedShare } from "../slots/masked-share.ts";
import { userId } from "./auth-database.ts";

export type QuestionType = "predefined" | "custom";

export interface QuestionRow {
  readonly id: number;
  readonly text: string;
  readonly type: QuestionType;
  readonly share: MaskedShare;
}

export interface NewQuestionRow {
  readonly text: string;
  readonly type: QuestionType;
  readonly share: MaskedShare;
}

interface StoredRow {
  readonly id: number;
  readonly question_text: string;
  readonly question_type: QuestionType;
  readonly answer_hash: string;
}

/**
 * The questions of the set `setId`, in the order they were given.
 *
 * @throws {VaultError} `damaged`, `hostile_parameters`.
 */
export function readQuestionRows(database: Database, setId: string): QuestionRow[] {
  return readAllRows(database).filter(({ share }) => share.setId === setId);
}

/** Adds the questions of a new set, in their order, from 1. `at` is an instant. */
export function addQuestionRows(
  database: Database,
  rows: readonly NewQuestionRow[],
  at: string,
): void {
  for (const [index, { text, type, share }] of rows.entries()) {
    database.run(
      `INSERT INTO security_questions
         (user_id, question_text, answer_hash, question_type, question_order, created_at)
       VALUES (?, ?, ?, ?, ?, ?)`,
      userId,
      text,
      maskedShareToText(share),
      type,
      index + 1,
      at,
    );
  }
}

/** Removes the questions of every set but `setId`; of all, when it is null. */
export function removeOtherQuestionRows(database: Database, setId: string | null): void {
  const ofSet = setId === null ? "" : `%$set=${setId}$%`;
  database.run("DELETE FROM security_questions WHERE answer_hash NOT LIKE ?", ofSet);
}

export function countQuestionRows(database: Database): number {
  const sql = "SELECT count(*) AS count FROM security_questions";
  return database.get<{ count: number }>(sql)?.count ?? 0;
}

function readAllRows(database: Database): QuestionRow[] {
  const rows = database.all<StoredRow>(
    `SELECT id, question_text, question_type, answer_hash FROM security_questions
     WHERE user_id = ? ORDER BY question_order, id`,
    userId,
  );
  return rows.map((row) => ({
    id: row.id,
    text: row.question_text,
    type: row.question_type,
    share: textToMaskedShare(row.answer_hash),
  }));
}
