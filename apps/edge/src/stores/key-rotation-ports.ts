/** The ports of rotating keys. */
import type { RotationState } from "@hi-stranger/core/contract/keys";
import type { RotationPurpose } from "@hi-stranger/core/contract/rotation-purposes";

/** A rotation as it is kept. */
export interface Rotation {
  readonly rotationId: string;
  readonly purpose: RotationPurpose;
  /** Versions of the root; null for `dek`, whose keys have versions of their own. */
  readonly fromVersion: number | null;
  readonly toVersion: number | null;
  readonly state: RotationState;
  /** The last row that this pass has seen; null before the first. */
  readonly cursor: string | null;
  readonly done: number;
  readonly total: number;
  readonly failed: number;
  /** Rows on an old key when a pass last ended; null before. */
  readonly leftOver: number | null;
  readonly startedAtMs: number;
  readonly updatedAtMs: number;
  /** Before, nobody uses the new version. */
  readonly readyAtMs: number;
  readonly finishedAtMs: number | null;
}

export type NewRotation = Pick<
  Rotation,
  "rotationId" | "purpose" | "fromVersion" | "toVersion" | "startedAtMs" | "readyAtMs"
>;

export interface RotationStore {
  /** False when one of the same purpose goes on. */
  add(rotation: NewRotation): Promise<boolean>;
  find(rotationId: string): Promise<Rotation | null>;
  /** The one of a purpose that isn't finished. */
  openOf(purpose: RotationPurpose): Promise<Rotation | null>;
  /** All that aren't finished. */
  listOpen(): Promise<Rotation[]>;
  /** At most a hundred, newest first. */
  list(): Promise<Rotation[]>;
  /** Begins to move, from the first row; nothing when another was faster. */
  begin(rotation: Rotation): Promise<void>;
  /**
   * Moves one page of rows and notes how far it is, in one transaction, or ends the pass. A killed
   * step has happened or it hasn't; two at once do what one does. Gives the subjects of rows that
   * don't open.
   */
  step(rotation: Rotation): Promise<readonly string[]>;
  /** How many rows name a version of a root. */
  countUses(purpose: "kek" | "index", version: number): Promise<number>;
}

/** Which version of a root new things are made with: the one place where that is decided. */
export interface KeyPlan {
  /** The version that new wraps are made with. */
  wrapVersion(): Promise<number>;
  /** The versions that a new row is indexed by. Rows are looked up by every version there is. */
  indexVersions(): Promise<IndexVersions>;
  /** Forgets what it remembers, because that has turned out to be old. */
  forget(): void;
}

export interface IndexVersions {
  readonly primary: number;
  /** Null unless the index moves. */
  readonly next: number | null;
}

/** Where a local server asks for the keyring of now: a binding that no request can reach. */
export interface KeyringFeed {
  fetch(url: string): Promise<Response>;
}
