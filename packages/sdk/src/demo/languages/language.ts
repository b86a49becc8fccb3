/** What a language gives to demo personas. */
export interface DemoLanguage {
  /** BCP 47. */
  readonly tag: string;
  /** First and second halves of a handle. */
  readonly handleStarts: readonly string[];
  readonly handleEnds: readonly string[];
  /** Hobbies, as they stand in a list and in the middle of a sentence. */
  readonly hobbies: readonly string[];
  /** How a biography begins; `{a}` and `{b}` stand for two hobbies. */
  readonly openings: readonly string[];
  /** What somebody is like. */
  readonly traits: readonly string[];
  /** What somebody hopes for here. */
  readonly wishes: readonly string[];
  /** How a biography ends. */
  readonly endings: readonly string[];
}
