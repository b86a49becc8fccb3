/**
 * Rotating keys under traffic: starts rotations and brings them on, page by page (docs/keys.md).
 * Whoever calls, and however many do, each page is one transaction, so nobody has to be there all
 * the time and nobody has to be alone.
 */
import { type Clock, toInstant } from "@hi-stranger/core/clock";
import type { Id } from "@hi-stranger/core/codec/ids";
import type { KeyInfo, RotationInfo } from "@hi-stranger/core/contract/keys";
import type { RotationPurpose } from "@hi-stranger/core/contract/rotation-purposes";
import { type Keyring, describeKeyring } from "@hi-stranger/core/crypto/keyring";
import { StoreError } from "@hi-stranger/core/errors";
import type { KeyPlan, Rotation, RotationStore } from "../stores/key-rotation-ports.ts";

/** The outcome of some pages. */
export interface RotationRun {
  readonly rotation: RotationInfo;
  /** Some subjects of rows that don't open. */
  readonly failedSubjects: readonly string[];
}

export interface RotationService {
  keys(): Promise<KeyInfo[]>;
  /** Starts a rotation, or finds the one that goes on. @throws {StoreError} `rotation_impossible` */
  start(purpose: RotationPurpose): Promise<{ rotation: RotationInfo; isNew: boolean }>;
  list(): Promise<RotationInfo[]>;
  /** Moves up to `maxPages` pages. @throws {StoreError} `rotation_not_found` */
  run(rotationId: string, maxPages: number): Promise<RotationRun>;
  /** Moves about `maxPages` pages of the rotations that aren't finished or stuck. */
  continueAll(maxPages: number): Promise<RotationRun[]>;
}

export interface RotationServiceOptions {
  readonly store: RotationStore;
  readonly plan: KeyPlan;
  readonly keyring: Keyring;
  readonly subtle: SubtleCrypto;
  readonly clock: Clock;
  readonly newId: (prefix: "rot") => Id<"rot">;
  /** Told of a rotation that has finished, by everybody who took part in its end. */
  readonly onFinished: (rotation: RotationInfo) => Promise<void>;
  /** How long every server is given to get to know a new root. */
  readonly spreadMs: number;
}

/**
 * Pages of one invocation of a Worker, which has 1,000 statements of D1 and 1,000 reads of R2. A run
 * stays under half of either, because once an hour it shares them with the purge and the audit log.
 */
export const pagesPerRun = 6;
const maxFailedSubjects = 10;

export function createRotationService(options: RotationServiceOptions): RotationService {
  const { store, plan, keyring, clock } = options;

  async function versionsFor(
    purpose: RotationPurpose,
  ): Promise<Pick<Rotation, "fromVersion" | "toVersion">> {
    if (purpose === "dek") return { fromVersion: null, toVersion: null };
    plan.forget();
    const fromVersion = await activeVersion(purpose);
    const toVersion = Math.max(...keyring.rootsByPurpose[purpose].keys());
    if (toVersion > fromVersion) return { fromVersion, toVersion };
    throw new StoreError(
      "rotation_impossible",
      `Version ${fromVersion} of ${purpose} is the newest of the keyring and in use. Run \`hi keys generate ${purpose}\` first.`,
    );
  }

  async function activeVersion(purpose: "kek" | "index"): Promise<number> {
    return purpose === "kek" ? plan.wrapVersion() : (await plan.indexVersions()).primary;
  }

  async function find(rotationId: string): Promise<Rotation> {
    const rotation = await store.find(rotationId);
    if (rotation) return rotation;
    throw new StoreError("rotation_not_found", "`GET /api/admin/keys/rotations` lists them.");
  }

  /** One step; null when there is nothing to do (now). */
  async function step(rotation: Rotation): Promise<readonly string[] | null> {
    const { purpose, state, toVersion } = rotation;
    if (state === "finished" || state === "stuck") return null;
    if (purpose !== "dek" && toVersion !== null) requireVersion(purpose, toVersion);
    if (state !== "waiting") return store.step(rotation);
    if (clock.now() < rotation.readyAtMs) return null;
    await store.begin(rotation);
    return [];
  }

  /** Moving rows to a version that isn't known here would count every one of them as failed. */
  function requireVersion(purpose: "kek" | "index", version: number): void {
    if (keyring.rootsByPurpose[purpose].has(version)) return;
    throw new StoreError(
      "store_unavailable",
      `The keyring of this server lacks version ${version} of ${purpose}; see docs/keys.md.`,
      { headers: { "Retry-After": "10" } },
    );
  }

  async function run(rotationId: string, maxPages: number): Promise<RotationRun> {
    const failedSubjects = new Set<string>();
    let rotation = await find(rotationId);
    const wasFinished = rotation.state === "finished";
    if (rotation.state !== "finished") plan.forget();
    for (let page = 0; page < maxPages; page += 1) {
      if (rotation.purpose !== "dek" && page === 0) await activeVersion(rotation.purpose);
      const failed = await step(rotation);
      if (!failed) break;
      for (const subject of failed) failedSubjects.add(subject);
      const { state } = rotation;
      rotation = await find(rotationId);
      if (rotation.state !== state) plan.forget();
    }
    const info = toInfo(rotation);
    if (!wasFinished && rotation.state === "finished") await options.onFinished(info);
    return { rotation: info, failedSubjects: [...failedSubjects].slice(0, maxFailedSubjects) };
  }

  return {
    run,
    async keys() {
      plan.forget();
      const active = { kek: await activeVersion("kek"), index: await activeVersion("index") };
      const rotations = await store.list();
      const described = await describeKeyring(options.subtle, keyring);
      return Promise.all(
        described.map(async ({ purpose, version, fingerprint, isActive }): Promise<KeyInfo> => {
          const known = { purpose, version, fingerprint };
          if (purpose !== "kek" && purpose !== "index") {
            return { ...known, is_active: isActive, uses: null, is_retirable: false };
          }
          const uses = await store.countUses(purpose, version);
          const ofPurpose = rotations.filter((rotation) => rotation.purpose === purpose);
          return {
            ...known,
            is_active: active[purpose] === version,
            uses,
            is_retirable: uses === 0 && isLeftBehind(ofPurpose, version),
          };
        }),
      );
    },
    async start(purpose) {
      const open = await store.openOf(purpose);
      if (open) {
        if (open.state === "stuck") await store.begin(open);
        return { rotation: toInfo(await find(open.rotationId)), isNew: false };
      }
      const versions = await versionsFor(purpose);
      const startedAtMs = clock.now();
      const rotationId = options.newId("rot");
      // Data keys are in nobody's keyring, so nobody has to get to know them first.
      const readyAtMs = purpose === "dek" ? startedAtMs : startedAtMs + options.spreadMs;
      const isNew = await store.add({ rotationId, purpose, ...versions, startedAtMs, readyAtMs });
      const rotation = isNew ? await find(rotationId) : await store.openOf(purpose);
      plan.forget();
      if (!rotation) throw new Error("a rotation began and ended at once");
      return { rotation: toInfo(rotation), isNew };
    },
    async list() {
      return (await store.list()).map(toInfo);
    },
    async continueAll(maxPages) {
      const runs: RotationRun[] = [];
      const open = (await store.listOpen()).filter(({ state }) => state !== "stuck");
      const pagesEach = Math.ceil(maxPages / Math.max(open.length, 1));
      for (const { rotationId } of open) runs.push(await run(rotationId, pagesEach));
      return runs;
    },
  };
}

/** Whether the newest of the rotations of a root is finished and has left `version` behind. */
function isLeftBehind(rotations: readonly Rotation[], version: number): boolean {
  const [newest] = rotations;
  return newest?.state === "finished" && (newest.toVersion ?? 0) > version;
}

function toInfo(rotation: Rotation): RotationInfo {
  const { finishedAtMs } = rotation;
  return {
    rotation_id: rotation.rotationId,
    purpose: rotation.purpose,
    from_version: rotation.fromVersion,
    to_version: rotation.toVersion,
    state: rotation.state,
    done: rotation.done,
    total: rotation.total,
    failed: rotation.failed,
    left_over: rotation.leftOver,
    started_at: toInstant(rotation.startedAtMs),
    updated_at: toInstant(rotation.updatedAtMs),
    ready_at: toInstant(rotation.readyAtMs),
    finished_at: finishedAtMs === null ? null : toInstant(finishedAtMs),
  };
}
