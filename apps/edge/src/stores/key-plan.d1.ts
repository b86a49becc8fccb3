/**
 * The plan of keys: which version of a root new things are made with, from the rotations in D1.
 *
 * A server remembers the plan for a while ({@link PlanOptions.ttlMs}), so at any moment some work by
 * an older one. Nothing depends on when they learn of a newer: what an outdated plan could break is
 * barred by conditions in the statements that write (`wrapped-keys.d1.ts`, `personal-data.d1.ts`), and
 * rows are looked up by every version of the keyring. Just a version that somebody doesn't have would
 * do harm; so a rotation waits, and a server that meets a version it lacks makes it wait longer.
 */
import type { Clock } from "@hi-stranger/core/clock";
import type { RotationState } from "@hi-stranger/core/contract/keys";
import type { Keyring } from "@hi-stranger/core/crypto/keyring";
import { StoreError } from "@hi-stranger/core/errors";
import type { KeyPlan } from "./key-rotation-ports.ts";

type RootPurpose = "kek" | "index";

interface Row {
  readonly rotation_id: string;
  readonly purpose: RootPurpose;
  readonly from_version: number;
  readonly to_version: number;
  readonly state: RotationState;
}

export interface PlanOptions {
  readonly keyring: Keyring;
  /** Looks for a newer keyring, where the platform can bring one to a running server. */
  readonly refreshKeyring: () => Promise<void>;
  readonly clock: Clock;
  /** How long the plan is remembered. */
  readonly ttlMs: number;
  /** How long a rotation waits after a server was met that lacks the new version. */
  readonly spreadMs: number;
}

type View = ReadonlyMap<RootPurpose, Row>;

export function createD1KeyPlan(db: D1Database, options: PlanOptions): KeyPlan {
  const { keyring, clock } = options;
  let remembered: { readonly view: View; readonly untilMs: number } | null = null;

  async function read(): Promise<View> {
    await options.refreshKeyring();
    // Of several rows of a group, SQLite takes the other columns from the one that max() chose.
    const { results } = await db
      .prepare(
        `SELECT rotation_id, purpose, from_version, to_version, state, max(rotation_id) AS newest
         FROM key_rotations WHERE purpose IN ('kek', 'index') GROUP BY purpose`,
      )
      .all<Row>();
    for (const row of results) await holdIfUnknown(row);
    return new Map(results.map((row) => [row.purpose, row]));
  }

  /** Keeps a rotation waiting while there is somebody, namely us, who doesn't have its key. */
  async function holdIfUnknown({ rotation_id: rotationId, purpose, ...row }: Row): Promise<void> {
    if (row.state !== "waiting" || hasVersion(purpose, row.to_version)) return;
    await db
      .prepare(
        `UPDATE key_rotations SET ready_at = max(ready_at, ?2)
         WHERE rotation_id = ?1 AND state = 'waiting'`,
      )
      .bind(rotationId, clock.now() + options.spreadMs)
      .run();
  }

  async function rotationOf(purpose: RootPurpose): Promise<Row | undefined> {
    if (!remembered || remembered.untilMs <= clock.now()) {
      remembered = { view: await read(), untilMs: clock.now() + options.ttlMs };
    }
    return remembered.view.get(purpose);
  }

  const hasVersion = (purpose: RootPurpose, version: number) =>
    keyring.rootsByPurpose[purpose].has(version);

  function require(purpose: RootPurpose, version: number): number {
    if (hasVersion(purpose, version)) return version;
    throw new StoreError(
      "store_unavailable",
      `The keyring of this server lacks version ${version} of ${purpose}; see docs/keys.md.`,
      { headers: { "Retry-After": "10" } },
    );
  }

  return {
    async wrapVersion() {
      const rotation = await rotationOf("kek");
      if (!rotation) return keyring.activeByPurpose.kek;
      const { state, from_version: from, to_version: to } = rotation;
      return require("kek", state === "waiting" ? from : to);
    },
    async indexVersions() {
      const rotation = await rotationOf("index");
      if (!rotation) return { primary: keyring.activeByPurpose.index, next: null };
      const from = rotation.from_version;
      const to = rotation.to_version;
      switch (rotation.state) {
        case "waiting":
          return { primary: require("index", from), next: null };
        case "moving":
        case "stuck":
          return { primary: require("index", from), next: require("index", to) };
        case "switching":
        case "finished":
          return { primary: require("index", to), next: null };
        default:
          return rotation.state satisfies never;
      }
    },
    forget() {
      remembered = null;
    },
  };
}
