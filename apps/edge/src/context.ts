/** What handlers work with: services and stores, behind their ports. Built in `app.ts` alone. */
import type { Clock } from "@hi-stranger/core/clock";
import type { Id, IdPrefix } from "@hi-stranger/core/codec/ids";
import type { ProfileStore, StoredProfile } from "@hi-stranger/core/store/profile-store";
import type { Outbox } from "./mail/outbox.ts";
import type { AuditReader } from "./services/audit-reader.ts";
import type { AuditLog } from "./services/audit.ts";
import type { Gate } from "./services/gate.ts";
import type { Once } from "./services/once.ts";
import type { PersonaService } from "./services/personas.ts";
import type { RoleService } from "./services/roles.ts";
import type { RotationService } from "./services/rotations.ts";
import type { SessionService } from "./services/sessions.ts";
import type { SignInService } from "./services/sign-in.ts";
import type { TokenService } from "./services/tokens.ts";
import type { PersonalDataStore } from "./stores/identity-ports.ts";
import type { ImportStore } from "./stores/ports.ts";

/** What knows of people. */
export interface Identity {
  readonly signIn: SignInService;
  readonly sessions: SessionService;
  readonly people: PersonalDataStore;
  readonly personas: PersonaService;
  readonly rotations: RotationService;
  readonly roles: RoleService;
  readonly audit: AuditLog;
}

export interface Context {
  readonly environment: "local" | "preview" | "production";
  readonly mode: "live" | "prototype";
  readonly clock: Clock;
  readonly newId: <Prefix extends IdPrefix>(prefix: Prefix) => Id<Prefix>;
  readonly profiles: ProfileStore;
  /** Reads a persona past any cache. */
  readonly getFreshProfile: (profileId: string) => Promise<StoredProfile | null>;
  readonly imports: ImportStore;
  readonly tokens: TokenService;
  /** Null in the prototype, where no route but imports takes a key. */
  readonly once: Once | null;
  /** Null where nothing is limited: in the prototype, and without the binding or the keyring. */
  readonly gate: Gate | null;
  /** Null in the prototype, which keeps no log: it knows of no person and of nobody but its operator. */
  readonly audit: AuditLog | null;
  /** @throws {StoreError} `not_supported` in the prototype */
  readonly requireAuditReader: () => AuditReader;
  /** Null in the prototype, and where a binding or secret for it is missing; the rest works on without. */
  readonly identity: Identity | null;
  /** @throws {StoreError} that says why there is none. */
  readonly requireIdentity: () => Identity;
  /** The mails of a local server, which go nowhere else; null in a deployment. */
  readonly outbox: Outbox | null;
}
