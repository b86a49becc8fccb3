/** The ports of what lets people in. Of every token there is a hash alone: SHA-256, in hex. */
import type { Role } from "@hi-stranger/core/contract/actions";

/** A link that was sent. */
export interface SentLink {
  readonly tokenHash: string;
  /** The address, which the link's token alone opens. */
  readonly sealedAddress: string;
  readonly browserHash: string;
  readonly expiresAtMs: number;
}

export interface LinkStore {
  add(link: SentLink): Promise<void>;
  /** The link, unless it was used or has expired. */
  find(tokenHash: string): Promise<SentLink | null>;
  /** Uses it up. True for one caller alone, and before it expires. */
  use(tokenHash: string): Promise<boolean>;
}

/** A session. */
export interface SignIn {
  /** Its id, which is that of the family of all refresh tokens it had. */
  readonly family: string;
  readonly personId: string;
  readonly label: string;
  readonly createdAtMs: number;
  readonly lastUsedAtMs: number;
  readonly expiresAtMs: number;
}

export interface SignInStore {
  /** Adds a session, and ends the person's oldest beyond a hundred. */
  add(signIn: SignIn, tokenHash: string): Promise<void>;
  /** The session, if it goes on, and the hash of the one refresh token that is valid. */
  find(family: string): Promise<(SignIn & { readonly tokenHash: string }) | null>;
  /** Replaces the valid token by another. True for one caller alone. */
  rotate(
    family: string,
    change: { readonly from: string; readonly to: string; readonly expiresAtMs: number },
  ): Promise<boolean>;
  /** Ends a session. */
  revoke(family: string): Promise<void>;
  /** Ends a session of the person's. False when they have no such session. */
  revokeOwn(personId: string, family: string): Promise<boolean>;
  /** Ends all sessions of the person's, and gives those that went on. */
  revokeAll(personId: string): Promise<string[]>;
  /** Those of the person that go on, newest first. */
  list(personId: string): Promise<SignIn[]>;
}

export interface GrantedRole {
  readonly personId: string;
  readonly role: Role;
  readonly grantedAtMs: number;
}

export interface RoleStore {
  of(personId: string): Promise<Role[]>;
  /** Gives a role, or the grant that there is already; null when there is no such person. */
  grant(grant: GrantedRole): Promise<{ grant: GrantedRole; isNew: boolean } | null>;
  /** False when they haven't got it. */
  revoke(personId: string, role: Role): Promise<boolean>;
  /** At most a thousand, by the person's id. */
  list(): Promise<GrantedRole[]>;
}

/** The only bridge between personas and people. One service alone may have it. */
export interface Bridge {
  /** Ids of the person's personas, oldest first. */
  profilesOf(personId: string): Promise<string[]>;
  /** Whether the persona is the person's. */
  isLinked(personId: string, profileId: string): Promise<boolean>;
  /** False when the person has `maxProfiles` already, or the persona is somebody's. */
  link(personId: string, profileId: string, maxProfiles: number): Promise<boolean>;
  /** Cuts a persona off, whoever's it is. */
  unlink(profileId: string): Promise<void>;
}
