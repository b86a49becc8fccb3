/** A database whose users may outlive it: after it is closed, every call says that the vault is locked. */
import type { Database } from "./ports.ts";
import { VaultError } from "./vault-error.ts";

export function guardDatabase(database: Database): Database {
  let isOpen = true;
  const opened = (): Database => {
    if (!isOpen) throw new VaultError("vault_locked");
    return database;
  };
  return {
    exec: (sql) => opened().exec(sql),
    run: (sql, ...parameters) => opened().run(sql, ...parameters),
    all: (sql, ...parameters) => opened().all(sql, ...parameters),
    get: (sql, ...parameters) => opened().get(sql, ...parameters),
    transaction: (work) => opened().transaction(work),
    close: () => {
      if (!isOpen) return;
      isOpen = false;
      database.close();
    },
  };
}
