/**
 * What the ports to chats, messages and policies have in common. Memory, `localStorage` and the
 * vault each have an adapter, and every adapter passes the port's suite of `test/`.
 *
 * Records travel as lines (compact JSON text), so that a store can keep and stream them without
 * parsing. Whoever writes has read each line through its kind's reader (`schema/*-line.ts`), and the
 * row carries what stores ask of the record.
 */
import type { StoreCapabilities, WriteCounts } from "./profile-store.ts";

/** A record to be written. */
export interface RecordRow {
  /** Names the record among those of its kind. */
  readonly key: string;
  readonly line: string;
}

/** A record as kept. */
export interface StoredRecord {
  readonly key: string;
  /** Grows with every change among the records of this kind; one that changes gets a new one. */
  readonly rev: number;
  readonly line: string;
}

export interface PageQuery {
  /** Where the page starts: the `nextCursor` of the page before, asked alike, or null. */
  readonly cursor: string | null;
  /** Most records in the page, 1 to 1000. */
  readonly limit: number;
}

export interface RecordPage {
  readonly items: readonly StoredRecord[];
  /** Where the next page starts; null after the last. */
  readonly nextCursor: string | null;
}

export interface RecordStore<Row extends RecordRow> {
  readonly capabilities: StoreCapabilities;
  /** The record, or null when there is none of that key. */
  get(key: string): Promise<StoredRecord | null>;
  /** Every record, in the order of their keys by UTF-8 bytes: for exports and moves. */
  scan(query: PageQuery): Promise<RecordPage>;
  /** How many records there are, exactly. */
  count(): Promise<number>;
  /** Inserts and replaces. Of several rows with one key the last wins. */
  write(rows: readonly Row[]): Promise<WriteCounts>;
  /** Removes the record. False when there was none. */
  delete(key: string): Promise<boolean>;
}
