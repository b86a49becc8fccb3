/**
 * The personas of a person. This is the one service that has the bridge between the two: whoever
 * else needs to know asks here.
 */
import { type Clock, toInstant } from "@hi-stranger/core/clock";
import type { Id } from "@hi-stranger/core/codec/ids";
import { maxPersonas, type saveOwnProfile } from "@hi-stranger/core/contract/me";
import type { BodyOf } from "@hi-stranger/core/contract/route";
import { StoreError } from "@hi-stranger/core/errors";
import type { UserProfile } from "@hi-stranger/core/schema/user-profile";
import {
  type ProfileStore,
  type StoredProfile,
  toProfileRow,
} from "@hi-stranger/core/store/profile-store";
import type { Bridge } from "../stores/sign-in-ports.ts";

export interface SavedPersona {
  /** The record as JSON text. */
  readonly line: string;
  readonly isNew: boolean;
}

export interface PersonaService {
  /** Ids, oldest first. */
  idsOf(personId: string): Promise<string[]>;
  /** The records as JSON text, oldest first. */
  list(personId: string): Promise<string[]>;
  /** @throws {StoreError} `profile_not_found` when it names one that isn't theirs, `too_many_personas` */
  save(personId: string, draft: BodyOf<typeof saveOwnProfile>): Promise<SavedPersona>;
  /** Deletes a persona, and its link to whomever it belongs to. False when there is none. */
  delete(profileId: string): Promise<boolean>;
}

export interface PersonaOptions {
  readonly bridge: Bridge;
  readonly profiles: ProfileStore;
  readonly getFreshProfile: (profileId: string) => Promise<StoredProfile | null>;
  readonly clock: Clock;
  readonly newId: (prefix: "usr") => Id<"usr">;
}

export function createPersonaService(options: PersonaOptions): PersonaService {
  const { bridge, profiles, clock } = options;

  async function write(profile: UserProfile): Promise<string> {
    const line = JSON.stringify(profile);
    await profiles.write([toProfileRow({ profile, line })]);
    return line;
  }

  async function add(personId: string, draft: BodyOf<typeof saveOwnProfile>): Promise<string> {
    const profileId = options.newId("usr");
    // The link comes first: a persona that nobody could ever delete would be worse than a link to none.
    if (!(await bridge.link(personId, profileId, maxPersonas))) {
      throw new StoreError(
        "too_many_personas",
        `An account has ${maxPersonas} at most; delete one first.`,
      );
    }
    try {
      const createdAt = draft.created_at ?? toInstant(clock.now());
      return await write({ ...draft, profile_id: profileId, created_at: createdAt });
    } catch (error) {
      await bridge.unlink(profileId);
      throw error;
    }
  }

  return {
    idsOf: (personId) => bridge.profilesOf(personId),
    async list(personId) {
      const ids = await bridge.profilesOf(personId);
      const stored = await Promise.all(ids.map((id) => options.getFreshProfile(id)));
      return stored.flatMap((found) => (found ? [found.line] : []));
    },
    async save(personId, draft) {
      const { profile_id: profileId } = draft;
      if (profileId === undefined) return { line: await add(personId, draft), isNew: true };
      const isOwn = await bridge.isLinked(personId, profileId);
      const stored = isOwn ? await options.getFreshProfile(profileId) : null;
      if (!stored) throw new StoreError("profile_not_found", "No persona has this id.");
      const { created_at: firstCreatedAt } = JSON.parse(stored.line) as UserProfile;
      const createdAt = draft.created_at ?? firstCreatedAt;
      const changed = { ...draft, profile_id: profileId, created_at: createdAt };
      return { line: await write(changed), isNew: false };
    },
    async delete(profileId) {
      const isDeleted = await profiles.delete(profileId);
      await bridge.unlink(profileId);
      return isDeleted;
    },
  };
}
