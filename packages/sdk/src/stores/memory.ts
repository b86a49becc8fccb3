/** A store in memory, for tests and for work on a file that is not kept. It ends with its page or process. */
import type { ProfileStore } from "@hi-stranger/core/store/profile-store";
import { createProfileTable } from "./profile-table.ts";

/** Makes an empty store. */
export function createMemoryProfileStore(): ProfileStore {
  const table = createProfileTable();
  return {
    capabilities: { isAtomic: true, isConsistent: true, countCost: "constant" },
    get: async (profileId) => table.get(profileId),
    list: async (query) => table.list(query),
    count: async () => table.count(),
    changes: async (sinceRev, limit) => table.changes(sinceRev, limit),
    write: async (rows) => table.write(rows),
    delete: async (profileId) => table.delete(profileId),
  };
}
