/** Who moderates and who administers. */
import { type Clock, toInstant } from "@hi-stranger/core/clock";
import type { Role } from "@hi-stranger/core/contract/actions";
import type { RoleGrant } from "@hi-stranger/core/contract/roles";
import { normaliseEmail } from "@hi-stranger/core/crypto/email-address";
import { StoreError } from "@hi-stranger/core/errors";
import type { PersonalDataStore } from "../stores/identity-ports.ts";
import type { GrantedRole, RoleStore } from "../stores/sign-in-ports.ts";

export interface RoleService {
  /** Gives the person with an address a role. @throws {StoreError} `invalid_body`, `person_not_found` */
  grant(email: string, role: Role): Promise<{ grant: RoleGrant; isNew: boolean }>;
  list(): Promise<RoleGrant[]>;
  /** Takes a role, and ends the sessions that know of it. False when they haven't got it. */
  revoke(personId: string, role: Role): Promise<boolean>;
}

export interface RoleServiceOptions {
  readonly roles: RoleStore;
  readonly people: Pick<PersonalDataStore, "findByEmail">;
  /** Ends every session of a person at once. */
  readonly endSessions: (personId: string) => Promise<void>;
  readonly clock: Clock;
}

export function createRoleService(options: RoleServiceOptions): RoleService {
  const { roles, people, clock } = options;
  return {
    async grant(email, role) {
      const address = normaliseEmail(email);
      if (address === null) throw new StoreError("invalid_body", "`/email` is not an address.");
      const personId = await people.findByEmail(address);
      const given =
        personId === null ? null : await roles.grant({ personId, role, grantedAtMs: clock.now() });
      if (given) return { grant: toRoleGrant(given.grant), isNew: given.isNew };
      throw new StoreError(
        "person_not_found",
        "Nobody with this address has an account. An account is made by signing in once.",
      );
    },
    async list() {
      return (await roles.list()).map(toRoleGrant);
    },
    async revoke(personId, role) {
      if (!(await roles.revoke(personId, role))) return false;
      await options.endSessions(personId);
      return true;
    },
  };
}

function toRoleGrant({ personId, role, grantedAtMs }: GrantedRole): RoleGrant {
  return { person_id: personId, role, granted_at: toInstant(grantedAtMs) };
}
