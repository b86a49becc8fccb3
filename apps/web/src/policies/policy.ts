/**
 * The shape of the texts that an account agrees to. They belong to the version in core's
 * `consent/statements.ts`: who changes one makes a new version there.
 */
export type PolicyName = "terms" | "privacy";

export interface PolicySection {
  readonly title: string;
  /** Paragraphs. */
  readonly text: readonly string[];
}

export type Policies = Readonly<Record<PolicyName, readonly PolicySection[]>>;
