/** The blind index of e-mail addresses, by each version of its root. */
import { blindIndex } from "@hi-stranger/core/crypto/blind-index";
import { emailNormaliserVersion } from "@hi-stranger/core/crypto/email-address";
import type { Keyring } from "@hi-stranger/core/crypto/keyring";

export interface EmailIndex {
  /** The index of a normalised address. @throws {KeyringError} without that version. */
  of(email: string, version: number): Promise<string>;
  /** By every version that the keyring has. */
  all(email: string): Promise<string[]>;
}

export interface EmailIndexOptions {
  readonly environment: string;
  readonly keyring: Keyring;
  readonly subtle: SubtleCrypto;
}

export function createEmailIndex({ environment, keyring, subtle }: EmailIndexOptions): EmailIndex {
  const place = {
    environment,
    table: "personal_data",
    column: "email_hash",
    normaliserVersion: emailNormaliserVersion,
  };
  const of = (email: string, version: number) => blindIndex(subtle, keyring, place, email, version);
  return {
    of,
    all: (email) =>
      Promise.all([...keyring.rootsByPurpose.index.keys()].map((version) => of(email, version))),
  };
}
