/** What a check of `hi doctor` finds. */
export interface Finding {
  /** Stable, for `--json`. */
  readonly check: string;
  /** `bad` makes the doctor fail; `note` is worth knowing; `skipped` could not be looked at. */
  readonly state: "good" | "note" | "bad" | "skipped";
  /** What is so, in a sentence without a full stop. */
  readonly text: string;
  /** What to do about it. */
  readonly fix?: string;
}
