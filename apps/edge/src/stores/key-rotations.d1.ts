/** Rotations of keys, in D1 (`PII_DB`): how far each is, and the steps that bring it on. */
import type { Clock } from "@hi-stranger/core/clock";
import type { RotationState } from "@hi-stranger/core/contract/keys";
import type { RotationPurpose } from "@hi-stranger/core/contract/rotation-purposes";
import type { KeyMover, RowsLeft } from "./key-mover.ts";
import { rangeOf } from "./key-mover.index.ts";
import type { Rotation, RotationStore } from "./key-rotation-ports.ts";

interface Row {
  readonly rotation_id: string;
  readonly purpose: RotationPurpose;
  readonly from_version: number | null;
  readonly to_version: number | null;
  readonly state: RotationState;
  readonly cursor: string | null;
  readonly done: number;
  readonly total: number;
  readonly failed: number;
  readonly left_over: number | null;
  readonly started_at: number;
  readonly updated_at: number;
  readonly ready_at: number;
  readonly finished_at: number | null;
}

const columns = `rotation_id, purpose, from_version, to_version, state, cursor, done, total, failed,
  left_over, started_at, updated_at, ready_at, finished_at`;
const maxListed = 100;

export type KeyMovers = Readonly<Record<RotationPurpose, KeyMover>>;

export function createD1RotationStore(
  db: D1Database,
  movers: KeyMovers,
  clock: Clock,
): RotationStore {
  async function countRows({ from, values }: RowsLeft): Promise<number> {
    const counted = db.prepare(`SELECT count(*) AS rows FROM ${from}`).bind(...values);
    return (await counted.first<{ rows: number }>())?.rows ?? 0;
  }

  /** Begins a pass in `state`, unless somebody else has changed the rotation since it was read. */
  async function beginPass(rotation: Rotation, state: RotationState, leftOver: number | null) {
    const total = await countRows(movers[rotation.purpose].rowsOfPass({ ...rotation, state }));
    await db
      .prepare(
        `UPDATE key_rotations SET state = ?4, cursor = NULL, done = 0, failed = 0, total = ?5,
           left_over = ?6, updated_at = ?7
         WHERE rotation_id = ?1 AND state = ?2 AND cursor IS ?3`,
      )
      .bind(
        rotation.rotationId,
        rotation.state,
        rotation.cursor,
        state,
        total,
        leftOver,
        clock.now(),
      )
      .run();
  }

  /** Ends a rotation by the statement that shows that nothing is left. False when something is. */
  async function finish(rotation: Rotation): Promise<boolean> {
    const { from, values } = movers[rotation.purpose].rowsLeft(rotation);
    const now = clock.now();
    const { meta } = await db
      .prepare(
        `UPDATE key_rotations SET state = 'finished', cursor = NULL, left_over = 0, updated_at = ?, finished_at = ?
         WHERE rotation_id = ? AND state = ? AND NOT EXISTS (SELECT 1 FROM ${from})`,
      )
      .bind(now, now, rotation.rotationId, rotation.state, ...values)
      .run();
    return meta.changes === 1;
  }

  async function endPass(rotation: Rotation): Promise<void> {
    const mover = movers[rotation.purpose];
    const leftOver = await countRows(mover.rowsLeft(rotation));
    if (leftOver > 0) {
      // Once is by chance, such as somebody who was being erased. What an edit won goes better next time.
      const isStuck = rotation.leftOver !== null && rotation.failed >= leftOver;
      if (!isStuck) return beginPass(rotation, rotation.state, leftOver);
      await db
        .prepare(
          `UPDATE key_rotations SET state = 'stuck', cursor = NULL, left_over = ?3, updated_at = ?4
           WHERE rotation_id = ?1 AND state = ?2`,
        )
        .bind(rotation.rotationId, rotation.state, leftOver, clock.now())
        .run();
      return;
    }
    if (rotation.state === "moving" && mover.stateAfterMoving === "switching") {
      return beginPass(rotation, "switching", null);
    }
    // What was added since is for another pass.
    if (!(await finish(rotation))) await beginPass(rotation, rotation.state, null);
  }

  async function first(condition: string, value: string): Promise<Rotation | null> {
    const row = await db
      .prepare(`SELECT ${columns} FROM key_rotations WHERE ${condition}`)
      .bind(value)
      .first<Row>();
    return row && toRotation(row);
  }

  return {
    async add({ rotationId, purpose, fromVersion, toVersion, startedAtMs, readyAtMs }) {
      const { meta } = await db
        .prepare(
          `INSERT INTO key_rotations (rotation_id, purpose, from_version, to_version, state,
             started_at, updated_at, ready_at)
           VALUES (?1, ?2, ?3, ?4, 'waiting', ?5, ?5, ?6) ON CONFLICT DO NOTHING`,
        )
        .bind(rotationId, purpose, fromVersion, toVersion, startedAtMs, readyAtMs)
        .run();
      return meta.changes === 1;
    },
    find: (rotationId) => first("rotation_id = ?1", rotationId),
    openOf: (purpose) => first("purpose = ?1 AND state <> 'finished'", purpose),
    async listOpen() {
      const { results } = await db
        .prepare(`SELECT ${columns} FROM key_rotations WHERE state <> 'finished'`)
        .all<Row>();
      return results.map(toRotation);
    },
    async list() {
      const { results } = await db
        .prepare(`SELECT ${columns} FROM key_rotations ORDER BY rotation_id DESC LIMIT ?1`)
        .bind(maxListed)
        .all<Row>();
      return results.map(toRotation);
    },
    begin: (rotation) => beginPass(rotation, "moving", null),
    async step(rotation) {
      const page = await movers[rotation.purpose].page(rotation);
      if (!page) {
        await endPass(rotation);
        return [];
      }
      const { statements, cursor, rows, failedSubjects } = page;
      const note = db
        .prepare(
          `UPDATE key_rotations SET cursor = ?4, done = done + ?5, failed = failed + ?6, updated_at = ?7
           WHERE rotation_id = ?1 AND state = ?2 AND cursor IS ?3`,
        )
        .bind(
          rotation.rotationId,
          rotation.state,
          rotation.cursor,
          cursor,
          rows,
          failedSubjects.length,
          clock.now(),
        );
      await db.batch([...statements, note]);
      return failedSubjects;
    },
    async countUses(purpose, version) {
      if (purpose === "kek") {
        const from = "data_keys INDEXED BY data_keys_by_kek WHERE kek_version = ?";
        return countRows({ from, values: [version] });
      }
      const range = rangeOf(version);
      const rows = await Promise.all(
        ["email_hash", "email_hash_next"].map((column) =>
          countRows({
            from: `personal_data WHERE ${column} >= ? AND ${column} < ?`,
            values: range,
          }),
        ),
      );
      return rows.reduce((sum, each) => sum + each, 0);
    },
  };
}

function toRotation(row: Row): Rotation {
  return {
    rotationId: row.rotation_id,
    purpose: row.purpose,
    fromVersion: row.from_version,
    toVersion: row.to_version,
    state: row.state,
    cursor: row.cursor,
    done: row.done,
    total: row.total,
    failed: row.failed,
    leftOver: row.left_over,
    startedAtMs: row.started_at,
    updatedAtMs: row.updated_at,
    readyAtMs: row.ready_at,
    finishedAtMs: row.finished_at,
  };
}
