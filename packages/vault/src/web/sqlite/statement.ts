/** One prepared statement: its parameters go in, its rows come out, and it is kept for the next time. */
import type { SqlValue } from "../../ports.ts";
import type { Pointer, SqliteModule } from "./module.ts";
import { resultCodes } from "./result-codes.ts";

export interface Statement {
  /** Runs to the end and passes over rows. */
  run(parameters: readonly SqlValue[]): void;
  /** Rows as objects, by the names of their columns; at most `limit` of them. */
  rows(parameters: readonly SqlValue[], limit: number): Record<string, SqlValue>[];
  finalize(): void;
}

/** https://sqlite.org/c3ref/c_blob.html */
const columnTypes = { integer: 1, float: 2, text: 3, blob: 4 } as const;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Wraps the prepared statement at `pointer`. `lastError` makes the error of the last call. */
export function createStatement(
  sqlite: SqliteModule,
  pointer: Pointer,
  lastError: () => Error,
): Statement {
  const { exports: c } = sqlite.wasm;
  const parameterCount = c.sqlite3_bind_parameter_count(pointer);

  const bind = (parameters: readonly SqlValue[]): void => {
    if (parameters.length !== parameterCount) {
      throw new TypeError(`${parameters.length} values for ${parameterCount} parameters`);
    }
    for (const [index, value] of parameters.entries()) {
      if (bindValue(sqlite, pointer, index + 1, value) !== resultCodes.ok) throw lastError();
    }
  };
  const step = (): boolean => {
    const code = c.sqlite3_step(pointer);
    if (code === resultCodes.row) return true;
    if (code === resultCodes.done) return false;
    throw lastError();
  };
  const using = <Result>(parameters: readonly SqlValue[], work: () => Result): Result => {
    try {
      bind(parameters);
      return work();
    } finally {
      // Answers the error of the last step again, which was thrown already.
      c.sqlite3_reset(pointer);
      c.sqlite3_clear_bindings(pointer);
    }
  };

  return {
    run: (parameters) =>
      using(parameters, () => {
        while (step());
      }),
    rows: (parameters, limit) =>
      using(parameters, () => {
        const rows: Record<string, SqlValue>[] = [];
        let names: readonly string[] | undefined;
        while (rows.length < limit && step()) {
          names ??= readColumnNames(sqlite, pointer);
          const row: Record<string, SqlValue> = {};
          for (const [index, name] of names.entries())
            row[name] = readColumn(sqlite, pointer, index);
          rows.push(row);
        }
        return rows;
      }),
    finalize() {
      c.sqlite3_finalize(pointer);
    },
  };
}

/** Binds parameter `index`, from 1; answers a result code. @throws {RangeError} for a number that is neither finite nor exact */
function bindValue(
  { wasm, capi }: SqliteModule,
  statement: Pointer,
  index: number,
  value: SqlValue,
): number {
  const { exports: c } = wasm;
  if (value === null) return c.sqlite3_bind_null(statement, index);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new RangeError("a number for SQL must be finite");
    return Number.isSafeInteger(value)
      ? c.sqlite3_bind_int64(statement, index, BigInt(value))
      : c.sqlite3_bind_double(statement, index, value);
  }
  // Never without a byte: the address 0 would stand for NULL.
  if (typeof value === "string") {
    const maxBytes = value.length * 3 + 1;
    const at = wasm.alloc(maxBytes);
    const { written } = encoder.encodeInto(value, wasm.heap8u().subarray(at, at + maxBytes));
    return c.sqlite3_bind_text(statement, index, at, written, capi.SQLITE_WASM_DEALLOC);
  }
  const at = wasm.alloc(value.byteLength + 1);
  wasm.heap8u().set(value, at);
  return c.sqlite3_bind_blob(statement, index, at, value.byteLength, capi.SQLITE_WASM_DEALLOC);
}

function readColumnNames({ wasm }: SqliteModule, statement: Pointer): string[] {
  const count = wasm.exports.sqlite3_column_count(statement);
  return Array.from({ length: count }, (_, index) =>
    wasm.cstrToJs(wasm.exports.sqlite3_column_name(statement, index)),
  );
}

/** @throws {RangeError} for an integer that a number can't hold */
function readColumn({ wasm }: SqliteModule, statement: Pointer, index: number): SqlValue {
  const { exports: c } = wasm;
  const type = c.sqlite3_column_type(statement, index);
  if (type === columnTypes.integer) {
    const value = Number(c.sqlite3_column_int64(statement, index));
    if (!Number.isSafeInteger(value)) throw new RangeError("an integer from SQL is out of range");
    return value;
  }
  if (type === columnTypes.float) return c.sqlite3_column_double(statement, index);
  if (type === columnTypes.text) {
    const at = c.sqlite3_column_text(statement, index);
    const end = at + c.sqlite3_column_bytes(statement, index);
    return decoder.decode(wasm.heap8u().subarray(at, end));
  }
  if (type === columnTypes.blob) {
    const at = c.sqlite3_column_blob(statement, index);
    return wasm.heap8u().slice(at, at + c.sqlite3_column_bytes(statement, index));
  }
  return null;
}
