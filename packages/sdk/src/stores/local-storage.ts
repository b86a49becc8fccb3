/** The prototype's store of personas, under `hs.profiles`; local-home.ts says what it promises and what not. */
import { readStoredLine } from "@hi-stranger/core/schema/stored-line";
import type { UserProfile } from "@hi-stranger/core/schema/user-profile";
import {
  type ProfileRow,
  type ProfileStore,
  toProfileRow,
} from "@hi-stranger/core/store/profile-store";
import { profileTexts } from "../personal-data.ts";
import { type LocalStorageOptions, createLocalHome } from "./local-home.ts";
import { type QuarantinedValue, listQuarantine } from "./local-keys.ts";
import type { LocalKind } from "./local-value.ts";
import { refusePersonalData } from "./personal-data-refusal.ts";
import { createProfileTable, profileStoreOver } from "./profile-table.ts";

export interface LocalStorageProfileStore extends ProfileStore {
  /** What was set aside of any kind, now or in an earlier visit. */
  problems(): readonly QuarantinedValue[];
}

const profiles: LocalKind<ProfileRow> = {
  key: "hs.profiles",
  createTable: createProfileTable,
  readRow(line) {
    const profile = readStoredLine(line);
    return profile && toProfileRow({ profile, line });
  },
  keyOf: ({ profileId }) => profileId,
  tracedKeys: /^usr_[a-z0-9]{6,}$/,
};

/** Makes a store of what `storage` holds. Nothing is read before the first call. */
export function createLocalStorageProfileStore(
  options: LocalStorageOptions,
): LocalStorageProfileStore {
  const store = profileStoreOver(createLocalHome(profiles, options));
  return {
    ...store,
    async write(rows) {
      const written = rows.map(({ profileId, line }) => ({
        key: profileId,
        // The row's line is one that was read as a persona.
        texts: profileTexts(JSON.parse(line) as UserProfile),
      }));
      refusePersonalData("profile_id", written);
      return store.write(rows);
    },
    problems: () => listQuarantine(options.storage),
  };
}
