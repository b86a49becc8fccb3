/** Builds what personal data is encrypted with, and what rotates it. */
import type { Clock } from "@hi-stranger/core/clock";
import { type Id, type IdPrefix, platformRandom } from "@hi-stranger/core/codec/ids";
import type { Keyring } from "@hi-stranger/core/crypto/keyring";
import { personalDataVersion } from "@hi-stranger/core/schema/personal-data";
import type { Env } from "./env.ts";
import type { AuditLog } from "./services/audit.ts";
import { enterRotation } from "./services/audited-keys.ts";
import { type RotationService, createRotationService } from "./services/rotations.ts";
import { createEmailIndex } from "./stores/email-index.ts";
import { createFieldCipher } from "./stores/field-cipher.ts";
import type { PersonalDataStore, SubjectKeys } from "./stores/identity-ports.ts";
import { createDekMover } from "./stores/key-mover.dek.ts";
import { createIndexMover } from "./stores/key-mover.index.ts";
import { createKekMover } from "./stores/key-mover.kek.ts";
import { createD1KeyPlan } from "./stores/key-plan.d1.ts";
import { createD1RotationStore } from "./stores/key-rotations.d1.ts";
import { createR2KeyShares } from "./stores/key-shares.r2.ts";
import { createKeyWraps } from "./stores/key-wraps.ts";
import { createLiveKeyring } from "./stores/live-keyring.ts";
import { createD1PersonalDataStore } from "./stores/personal-data.d1.ts";
import { createSubjectKeys } from "./stores/subject-keys.ts";
import { createD1WrappedKeyStore } from "./stores/wrapped-keys.d1.ts";

/** A changed secret reaches every server of a deployment within seconds; a local one is alone. */
const deployedTimes = { ttlMs: 15_000, spreadMs: 60_000 };
const localTimes = { ttlMs: 1_000, spreadMs: 2_000 };

export interface KeyParts {
  readonly environment: Env["HS_ENV"];
  readonly keyring: Keyring;
  readonly feed: Env["KEYRING_FEED"];
  readonly db: D1Database;
  readonly bucket: R2Bucket;
  readonly clock: Clock;
  readonly newId: <Prefix extends IdPrefix>(prefix: Prefix) => Id<Prefix>;
  readonly audit: AuditLog;
}

export interface Keys {
  readonly people: PersonalDataStore;
  readonly keys: SubjectKeys;
  readonly rotations: RotationService;
}

export function createKeys({ environment, db, bucket, clock, newId, ...parts }: KeyParts): Keys {
  const { subtle } = crypto;
  const live = createLiveKeyring(parts.keyring, parts.feed);
  const times = environment === "local" ? localTimes : deployedTimes;
  const { keyring } = live;
  const common = { environment, keyring, subtle, clock, newId, fillRandom: platformRandom };
  const refreshKeyring = () => live.refresh();
  const plan = createD1KeyPlan(db, { ...common, ...times, refreshKeyring });
  const shares = createR2KeyShares(bucket);
  const wrappedKeys = createD1WrappedKeyStore(db, clock);
  const wraps = createKeyWraps({ ...common, refreshKeyring, shares });
  const keys = createSubjectKeys({ ...common, wraps, plan, shares, wrappedKeys });
  const cipher = createFieldCipher({
    ...common,
    table: "personal_data",
    schemaVersion: personalDataVersion,
    class: "pii",
    suite: "hs2",
    keys,
  });
  const index = createEmailIndex(common);
  const movers = {
    kek: createKekMover(db, wraps),
    dek: createDekMover(db, { wraps, wrappedKeys, cipher, plan }),
    index: createIndexMover(db, { cipher, index, wrappedKeys }),
  };
  const store = createD1RotationStore(db, movers, clock);
  return {
    keys,
    people: createD1PersonalDataStore(db, { cipher, index, plan }),
    rotations: createRotationService({
      ...common,
      ...times,
      store,
      plan,
      onFinished: (rotation) => enterRotation(parts.audit, rotation),
    }),
  };
}
