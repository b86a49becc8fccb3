/**
 * A lock that only one process has, on a file. The file is an empty SQLite database under an
 * exclusive lock: the operating system lets go of it whenever its holder ends, however that came, so
 * no stale lock is ever left.
 */
import type { VaultLock } from "../ports.ts";
import { openConnection } from "./sqlite.ts";
import { codeOf, withVaultErrors } from "./system-errors.ts";

/** Takes the lock at `path`, or answers null when another has it. */
export function takeLock(path: string): VaultLock | null {
  return withVaultErrors("lock", () => {
    const holder = openConnection(path);
    try {
      holder.exec("BEGIN EXCLUSIVE");
    } catch (error) {
      holder.close();
      if (codeOf(error) === "SQLITE_BUSY") return null;
      throw error;
    }
    return {
      release: async () => {
        holder.close();
      },
    };
  });
}
