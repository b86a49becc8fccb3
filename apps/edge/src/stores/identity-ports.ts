/** The ports of what is kept about people. Values are in the clear here; the adapters encrypt them. */
import type { DataKey, DataKeyClass } from "@hi-stranger/core/crypto/data-key";
import type { PersonalData } from "@hi-stranger/core/schema/personal-data";

/** Shares by subject. */
export interface KeyShares {
  /** 32 bytes, or null when there is none: not yet, or not any more. */
  get(subjectId: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Keeps a share where there is none. False when there is one. */
  create(subjectId: string, share: Uint8Array<ArrayBuffer>): Promise<boolean>;
  remove(subjectId: string): Promise<void>;
}

/** A wrapped data key as kept. */
export interface WrappedKey {
  readonly dekId: string;
  readonly version: number;
  readonly subjectId: string;
  readonly class: DataKeyClass;
  readonly kekVersion: number;
  readonly wrapped: string;
}

export interface WrappedKeyStore {
  /** The version in use of the subject's key for a class. */
  current(subjectId: string, dataClass: DataKeyClass): Promise<WrappedKey | null>;
  find(dekId: string, version: number): Promise<WrappedKey | null>;
  /** Those of the named versions that there are, in any order, by one query. */
  findAll(names: readonly Pick<WrappedKey, "dekId" | "version">[]): Promise<WrappedKey[]>;
  /** False when the subject has that version of that class already, or its root has been rotated away from. */
  add(key: WrappedKey): Promise<boolean>;
  removeAll(subjectId: string): Promise<void>;
}

/** Data keys in use, by subject. */
export interface SubjectKeys {
  /** The key that new values of the subject are sealed with; made when there is none. */
  obtain(subjectId: string, dataClass: DataKeyClass): Promise<DataKey>;
  /** The key that a value was sealed with, or null when it is unknown or shredded. */
  find(subjectId: string, dekId: string, version: number): Promise<DataKey | null>;
  /**
   * Opens a wrap that was just read, so that {@link find} need not read it again. Nothing happens
   * when its subject's share is gone.
   *
   * @throws as {@link find} does for that wrap.
   */
  learn(wrapped: WrappedKey): Promise<void>;
  /** Forgets what it remembers of the subject's keys, because that has turned out to be old. */
  forget(subjectId: string): void;
  /** Makes everything unreadable that was ever encrypted for the subject, wherever copies of it are. */
  shred(subjectId: string): Promise<void>;
}

/** What a person may set of their own data; null takes a field out. */
export type PersonalChange = Partial<
  Pick<PersonalData, "name" | "address" | "country" | "timezone" | "payment_ref">
>;

/** What a person agreed to or took back. */
export interface Consent {
  readonly consentId: string;
  readonly purpose: string;
  /** Version of the text that they saw, its SHA-256 in hex, and its language. */
  readonly policyVersion: string;
  readonly textSha256: string;
  readonly locale: string;
  /** How they were asked. */
  readonly mechanism: string;
  readonly isGiven: boolean;
}

/** A person to be added, with a normalised address. */
export interface NewPerson {
  readonly personId: string;
  readonly email: string;
  readonly atMs: number;
  readonly consents: readonly Consent[];
}

export interface PersonalDataStore {
  /** Adds a person and what they agreed to, or neither. False when the address is somebody's. */
  add(person: NewPerson): Promise<boolean>;
  /** Null when there is no such person, or what is left of them can't be read any more. */
  get(personId: string): Promise<PersonalData | null>;
  /** The person with a normalised address. */
  findByEmail(email: string): Promise<string | null>;
  /** Changes the named fields and gives the whole; null when there is no such person. */
  change(personId: string, change: PersonalChange, atMs: number): Promise<PersonalData | null>;
  noteSignIn(personId: string, atMs: number): Promise<void>;
  /** Removes the person with all that hangs on them. */
  remove(personId: string): Promise<void>;
}
