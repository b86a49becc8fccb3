/** Builds what knows of people: their stores, keys and sessions. */
import { waitUntil } from "cloudflare:workers";
import type { Clock } from "@hi-stranger/core/clock";
import { type Id, type IdPrefix, platformRandom } from "@hi-stranger/core/codec/ids";
import { type Keyring, KeyringError, readKeyring } from "@hi-stranger/core/crypto/keyring";
import { Redacted } from "@hi-stranger/core/crypto/redacted";
import { StoreError } from "@hi-stranger/core/errors";
import type { ProfileStore, StoredProfile } from "@hi-stranger/core/store/profile-store";
import { createKeys } from "./app-keys.ts";
import type { Identity } from "./context.ts";
import type { Env } from "./env.ts";
import { logUnsent } from "./http/log.ts";
import { createCloudflareMailer, noMailer } from "./mail/cloudflare-email.ts";
import type { Mailer } from "./mail/mailer.ts";
import { createAccessTokens } from "./services/access-tokens.ts";
import type { Gate } from "./services/gate.ts";
import type { AuditLog } from "./services/audit.ts";
import { auditSessions, enterReuse } from "./services/audited-sessions.ts";
import { createPersonaService } from "./services/personas.ts";
import { createRefreshTokens } from "./services/refresh-tokens.ts";
import { createRoleService } from "./services/roles.ts";
import { createSessionKeys } from "./services/session-keys.ts";
import { createSessionService } from "./services/sessions.ts";
import { createSignInService } from "./services/sign-in.ts";
import { createD1Bridge } from "./stores/bridge.d1.ts";
import { createD1LinkStore } from "./stores/magic-links.d1.ts";
import { createD1RoleStore } from "./stores/roles.d1.ts";
import { createD1SignInStore } from "./stores/sign-ins.d1.ts";

export interface IdentityParts {
  readonly environment: Env["HS_ENV"];
  readonly clock: Clock;
  readonly newId: <Prefix extends IdPrefix>(prefix: Prefix) => Id<Prefix>;
  /** Where mail goes on a local server. */
  readonly outbox: Mailer | null;
  readonly audit: AuditLog;
  readonly profiles: ProfileStore;
  /** Null where access tokens can't be revoked before they expire. */
  readonly gate: Gate | null;
  readonly getFreshProfile: (profileId: string) => Promise<StoredProfile | null>;
}

/** Builds it; gives an error that says what is missing when something is. */
export function createIdentity(env: Env, parts: IdentityParts): Identity | StoreError {
  const { PII_DB: db, KEY_SHARES: bucket } = env;
  if (!db || !bucket) return unavailable("Accounts need the bindings PII_DB and KEY_SHARES.");
  const keyring = openKeyring(env.KEYRING);
  if (keyring instanceof StoreError) return keyring;
  const { environment, clock, newId, audit } = parts;
  const { subtle } = crypto;
  const common = { environment, keyring, subtle, clock, newId, fillRandom: platformRandom };
  const feed = env.KEYRING_FEED;
  const { keys, people, rotations } = createKeys({ ...common, feed, db, bucket, audit });
  const roles = createD1RoleStore(db);
  const personas = createPersonaService({ ...parts, bridge: createD1Bridge(db, clock) });
  const sessionKeys = createSessionKeys(common);
  const sessions = createSessionService({
    ...common,
    signIns: createD1SignInStore(db, clock),
    roles,
    personasOf: (personId) => personas.idsOf(personId),
    revoke: async (personId, families) => parts.gate?.revoke(personId, families),
    onReuse: (personId) => enterReuse(audit, personId),
    accessTokens: createAccessTokens({ ...common, keys: sessionKeys }),
    refreshTokens: createRefreshTokens({ ...common, keys: sessionKeys }),
  });
  return {
    audit,
    people,
    personas,
    rotations,
    roles: createRoleService({
      roles,
      people,
      clock,
      endSessions: (personId) => sessions.endAll({ personId }),
    }),
    signIn: createSignInService({
      ...common,
      links: createD1LinkStore(db, clock),
      people,
      shred: (personId) => keys.shred(personId),
      mailer: parts.outbox ?? mailerOf(env),
      defer: waitUntil,
      onUnsent: logUnsent,
      audit,
    }),
    sessions: auditSessions(sessions, audit),
  };
}

function mailerOf({ SEND_EMAIL: binding, MAIL_FROM: from }: Env): Mailer {
  return binding && from !== undefined ? createCloudflareMailer(binding, from) : noMailer;
}

/** The keyring in the secret, or an error that says what is wrong with it. */
export function openKeyring(secret: string | undefined): Keyring | StoreError {
  if (secret === undefined) {
    return unavailable("Accounts need the secret KEYRING; see docs/operations.md.");
  }
  try {
    return readKeyring(new Redacted(secret));
  } catch (error) {
    if (!(error instanceof KeyringError)) throw error;
    // Its message names the place, never what is there.
    return unavailable(`The secret KEYRING is damaged: ${error.message}`);
  }
}

/** The same. @throws {StoreError} where {@link openKeyring} gives one */
export function requireKeyring(secret: string | undefined): Keyring {
  const keyring = openKeyring(secret);
  if (keyring instanceof StoreError) throw keyring;
  return keyring;
}

function unavailable(detail: string): StoreError {
  return new StoreError("store_unavailable", detail);
}
