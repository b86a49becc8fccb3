/** What an error of SQLite means to whoever asked. */
import { VaultError } from "../../vault-error.ts";
import { resultCodes } from "./result-codes.ts";

/** A failure that the vault has no code for. The message is SQLite's own: it may name tables and columns, never values. */
export class SqliteError extends Error {
  override readonly name = "SqliteError";
  /** The extended result code. */
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** A {@link VaultError} `disk_full` or `damaged` of `part` where the code says so, else a {@link SqliteError}. */
export function toSqliteError(code: number, message: string, part: string): Error {
  const cause = new SqliteError(code, message);
  // The low byte is the kind, the rest refines it.
  const kind = code & 0xff;
  if (kind === resultCodes.full) return new VaultError("disk_full", { cause });
  if (kind === resultCodes.corrupt || kind === resultCodes.notADatabase) {
    return new VaultError("damaged", { cause, parts: [part] });
  }
  return cause;
}
