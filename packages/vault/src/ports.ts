/**
 * What the vault asks of the runtime it runs in. `node/` and `web/` each answer with thin adapters
 * of the same names; nothing else in this package knows a runtime.
 *
 * Secrets travel as `Uint8Array`; whoever made one wipes it. Adapters keep no copy of what they get.
 */
import type { Clock } from "@hi-stranger/core/clock";
import type { FillRandom } from "@hi-stranger/core/codec/ids";

/** Everything the vault needs from outside. */
export interface VaultPlatform {
  /** The wall clock: for timestamps that people read, never for a limit. */
  readonly clock: Clock;
  readonly monotonicClock: MonotonicClock;
  readonly fillRandom: FillRandom;
  readonly subtle: SubtleCrypto;
  readonly argon2id: Argon2id;
  readonly deviceKeys: DeviceKeyStore;
  readonly files: VaultFiles;
  readonly scheduler: Scheduler;
  /**
   * Asked for after keys were dropped, where a runtime can do it: frees what it still holds of them,
   * such as the copies in WebCrypto's key objects.
   */
  readonly collectGarbage?: () => void;
}

/** Time that no one can set: limits and waits are counted on it. */
export interface MonotonicClock {
  /**
   * Names the stretch of time in which `nowMs` values compare: one boot of the machine, or one
   * life of a page. Values under different names do not compare.
   */
  readonly epochId: string;
  /** Milliseconds since some moment of the epoch; never goes back within it. */
  nowMs(): number;
}

/** Runs something later: how an unlocked vault comes to lock itself. */
export interface Scheduler {
  /**
   * Runs `task` once, `delayMs` from now or later, and doesn't keep the process alive for it.
   * Answers a function that calls it off.
   */
  after(delayMs: number, task: () => void): () => void;
}

/** Argon2id version 1.3 (RFC 9106), without secret or associated data. */
export type Argon2id = (input: Argon2idInput) => Promise<Uint8Array<ArrayBuffer>>;

export interface Argon2idInput {
  readonly password: Uint8Array;
  /** 16 bytes. */
  readonly salt: Uint8Array;
  readonly memoryKib: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly byteLength: number;
}

/** Keeps, per vault, one key that never leaves the device, and a small record beside it. */
export interface DeviceKeyStore {
  /** What it is, for `hi vault status`. */
  readonly backend: "keychain" | "file" | "browser";
  /** The key of `vaultId`, or null when this device has none. Rejects when the store can't be reached. */
  open(vaultId: string): Promise<DeviceKey | null>;
  /** Makes and keeps a random key for `vaultId`, in the place of any it had. */
  create(vaultId: string): Promise<DeviceKey>;
  /** Removes the key and its record, if there are any. */
  remove(vaultId: string): Promise<void>;
  /** The record last written for `vaultId`, at most 1 KiB of text, or null. */
  readRecord(vaultId: string): Promise<string | null>;
  /** Replaces the record; it is durable once this resolves. */
  writeRecord(vaultId: string, record: string): Promise<void>;
}

/** A key of 256 random bits that may be derived from but, in a browser, not read. */
export interface DeviceKey {
  /** HKDF-SHA-256 (RFC 5869) with this key as input, an empty salt and `info`. */
  derive(info: Uint8Array, byteLength: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** The files of one vault: a header and two databases. */
export interface VaultFiles {
  /** Takes the vault for this holder alone. Null when another process or tab has it. */
  acquire(): Promise<VaultLock | null>;
  /** The header file as it is (see `header.ts`), or null when there is no vault here. */
  readHeader(): Promise<Uint8Array<ArrayBuffer> | null>;
  /**
   * Writes `bytes` at `offset` of the header file, which comes into being with its first bytes.
   * They are durable once this resolves.
   */
  writeHeader(offset: number, bytes: Uint8Array): Promise<void>;
  /** Opens, or creates when it isn't there, an encrypted database. Rejects with `damaged` when `key` doesn't open it. */
  openDatabase(name: DatabaseName, key: DatabaseKey): Promise<Database>;
  /** Whether its file is there and has something in it. */
  hasDatabase(name: DatabaseName): Promise<boolean>;
  /** What shows of a database without its key; null when it isn't there. Works while somebody has it open. */
  readOutside(name: DatabaseName): Promise<DatabaseOutside | null>;
  /**
   * The seals (see `page-seals.ts`) of a database that isn't open; null when it isn't there, is longer
   * than `maxByteLength`, or has a journal that its next opening would play back.
   */
  readSeals(name: DatabaseName, maxByteLength: number): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Removes a database with all its side files. */
  removeDatabase(name: DatabaseName): Promise<void>;
  /** Removes the header: there is no vault here any more. */
  removeHeader(): Promise<void>;
  /** Whether a set-up has begun here and not ended. */
  hasSetUpMark(): Promise<boolean>;
  /** Marks that a set-up begins; durable once this resolves. */
  writeSetUpMark(): Promise<void>;
  removeSetUpMark(): Promise<void>;
}

export interface VaultLock {
  release(): Promise<void>;
}

export interface DatabaseOutside {
  readonly byteLength: number;
  /** The first 16 bytes, or as many as there are: its salt. */
  readonly start: Uint8Array;
}

export type DatabaseName = "auth" | "vault";

/** Raw key material of SQLite3 Multiple Ciphers, ChaCha20-Poly1305: no key derivation is left to it. */
export interface DatabaseKey {
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** 16 bytes, stored in the clear in the database's first page. */
  readonly salt: Uint8Array;
}

export type SqlValue = string | number | Uint8Array | null;

/**
 * A database, in the process or worker that calls: every call returns when it is done. In SQL a
 * plain `?` stands for each parameter, in order.
 */
export interface Database {
  /** Runs statements without parameters. */
  exec(sql: string): void;
  /** Runs one statement; answers how many rows it changed. */
  run(sql: string, ...parameters: readonly SqlValue[]): number;
  all<Row>(sql: string, ...parameters: readonly SqlValue[]): Row[];
  get<Row>(sql: string, ...parameters: readonly SqlValue[]): Row | undefined;
  /** Runs `work` in one immediate transaction: durable once this returns, undone when `work` throws. */
  transaction<Result>(work: () => Result): Result;
  close(): void;
}
