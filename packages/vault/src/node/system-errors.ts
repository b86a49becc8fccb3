/** What the operating system and SQLite say, as errors of the vault. */
import { VaultError, type VaultErrorCode } from "../vault-error.ts";

const codesBySystemCode: Readonly<Record<string, VaultErrorCode>> = {
  ENOSPC: "disk_full",
  EDQUOT: "disk_full",
  EFBIG: "disk_full",
  SQLITE_FULL: "disk_full",
  SQLITE_IOERR_WRITE: "disk_full",
  SQLITE_IOERR_TRUNCATE: "disk_full",
  SQLITE_IOERR_FSYNC: "disk_full",
  EIO: "damaged",
  EACCES: "read_only",
  EPERM: "read_only",
  EROFS: "read_only",
  SQLITE_CANTOPEN: "read_only",
  SQLITE_PERM: "read_only",
  SQLITE_NOTADB: "damaged",
  SQLITE_CORRUPT: "damaged",
  SQLITE_IOERR: "damaged",
  SQLITE_BUSY: "vault_in_use",
  SQLITE_LOCKED: "vault_in_use",
};

/** `error` as an error of the vault when it is one of the storage's, otherwise as it is. */
export function toVaultError(error: unknown, part: string): unknown {
  if (error instanceof VaultError) return error;
  const systemCode = codeOf(error);
  const code =
    codesBySystemCode[systemCode] ??
    (systemCode.startsWith("SQLITE_READONLY") ? "read_only" : undefined) ??
    codesBySystemCode[systemCode.split("_", 2).join("_")];
  return code ? new VaultError(code, { cause: error, parts: [part] }) : error;
}

/** Runs `work`; what the storage throws comes out as an error of the vault. */
export function withVaultErrors<Result>(part: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw toVaultError(error, part);
  }
}

/** The `code` of an error of Node or SQLite, or "". */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}
