/** The table of `PII_DB` that says how far each rotation of keys is. */
import { type MappedTable, operational } from "./facts.ts";

export const keyTables: readonly MappedTable[] = [
  {
    database: "PII_DB",
    table: "key_rotations",
    purpose: "Rotations of keys, and the proof of each that nothing was left on the old one",
    ...operational,
    retention: "for good",
    columns: {
      rotation_id: "the rotation's id",
      purpose: "which key: kek, dek or index",
      from_version: "the version that is rotated away from; none for dek",
      to_version: "the version that is rotated to; none for dek",
      state: "how far it is",
      cursor: {
        holds:
          "the last row of this pass, which holds a key's or a person's id until the pass ends",
        class: "pseudonymous",
      },
      done: "rows that this pass has seen",
      total: "rows when the pass began",
      failed: "rows of this pass that don't open",
      left_over: "rows on an old key when a pass last ended",
      started_at: "when it was started",
      updated_at: "when it last went on",
      ready_at: "before when the new version isn't used",
      finished_at: "when a query showed that nothing was left",
    },
    indexes: { key_rotations_open: ["purpose"] },
  },
];
