/**
 * What we use of better-sqlite3-multiple-ciphers. Its own declarations can't be found through its
 * package's `exports`, and type every row as anything.
 */
declare module "better-sqlite3-multiple-ciphers" {
  type Value = string | number | Uint8Array | null;

  interface Statement {
    run(...parameters: readonly Value[]): { changes: number };
    get(...parameters: readonly Value[]): unknown;
    all(...parameters: readonly Value[]): unknown[];
  }

  class Database {
    constructor(path: string, options: { timeout: number });
    readonly open: boolean;
    exec(sql: string): void;
    prepare(sql: string): Statement;
    pragma(sql: string): unknown;
    /** The key material as the cipher takes it; ours begins with `raw:`. */
    key(key: Buffer): number;
    transaction<Result>(work: () => Result): { immediate(): Result };
    close(): void;
  }

  export type { Database, Statement };
  export default Database;
}
