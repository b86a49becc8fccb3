/**
 * Personal data in D1 (`PII_DB`), encrypted field by field. An address is found by its blind index;
 * while the index is rotated there are two, written and looked up together.
 */
import { toInstant } from "@hi-stranger/core/clock";
import { blindIndex } from "@hi-stranger/core/crypto/blind-index";
import { emailNormaliserVersion } from "@hi-stranger/core/crypto/email-address";
import type { Keyring } from "@hi-stranger/core/crypto/keyring";
import { type PersonalData, personalDataVersion } from "@hi-stranger/core/schema/personal-data";
import type { FieldCipher } from "./field-cipher.ts";
import type { Consent, PersonalDataStore } from "./identity-ports.ts";

interface Row {
  readonly person_id: string;
  readonly name: string | null;
  readonly email: string;
  readonly address: string | null;
  readonly country: string | null;
  readonly timezone: string | null;
  readonly payment_ref: string | null;
  readonly verification_status: PersonalData["verification_status"];
  readonly created_at: number;
  readonly last_login_at: number | null;
}

export interface PersonalDataOptions {
  readonly environment: string;
  readonly keyring: Keyring;
  readonly cipher: FieldCipher;
  readonly subtle: SubtleCrypto;
}

export function createD1PersonalDataStore(
  db: D1Database,
  options: PersonalDataOptions,
): PersonalDataStore {
  const { cipher } = options;

  /** The address's index by every version of the root, oldest first. */
  function indexesOf(email: string): Promise<string[]> {
    const { subtle, keyring, environment } = options;
    const place = {
      environment,
      table: "personal_data",
      column: "email_hash",
      normaliserVersion: emailNormaliserVersion,
    };
    const versions = [...keyring.rootsByPurpose.index.keys()].sort((a, b) => a - b);
    return Promise.all(
      versions.map((version) => blindIndex(subtle, keyring, place, email, version)),
    );
  }

  async function get(personId: string): Promise<PersonalData | null> {
    const row = await db
      .prepare(
        `SELECT person_id, name, email, address, country, timezone, payment_ref, verification_status,
           created_at, last_login_at
         FROM personal_data WHERE person_id = ?1`,
      )
      .bind(personId)
      .first<Row>();
    return row && toPersonalData(row, cipher);
  }

  async function isThere(personId: string): Promise<boolean> {
    const found = db.prepare("SELECT 1 FROM personal_data WHERE person_id = ?1").bind(personId);
    return (await found.first()) !== null;
  }

  return {
    get,
    async add({ personId, email, atMs, consents }) {
      const [hash, nextHash = null] = await indexesOf(email);
      const sealed = await cipher.seal(personId, personId, { email });
      const person = db
        .prepare(
          `INSERT INTO personal_data (person_id, schema_version, email, email_hash, email_hash_next,
             verification_status, created_at, updated_at)
           VALUES (?1, ?2, ?3, ?4, ?5, 'verified', ?6, ?6) ON CONFLICT DO NOTHING`,
        )
        .bind(personId, personalDataVersion, sealed["email"], hash, nextHash, atMs);
      const given = consents.map((consent) => addConsent(db, personId, consent, atMs));
      const [added] = await db.batch([person, ...given]);
      return added?.meta.changes === 1;
    },
    async findByEmail(email) {
      const hashes = JSON.stringify(await indexesOf(email));
      const row = await db
        .prepare(
          `SELECT person_id FROM personal_data WHERE email_hash IN (SELECT value FROM json_each(?1))
           UNION SELECT person_id FROM personal_data
             WHERE email_hash_next IN (SELECT value FROM json_each(?1))`,
        )
        .bind(hashes)
        .first<{ person_id: string }>();
      return row?.person_id ?? null;
    },
    async change(personId, change, atMs) {
      // Sealing makes a key where there is none, which somebody who was erased must not get.
      if (!(await isThere(personId))) return null;
      const sealed = await cipher.seal(personId, personId, change);
      const columns = Object.keys(sealed);
      const sets = columns.map((column, index) => `${column} = ?${index + 3}`);
      const { meta } = await db
        .prepare(
          `UPDATE personal_data SET ${["updated_at = ?2", ...sets].join(", ")} WHERE person_id = ?1`,
        )
        .bind(personId, atMs, ...Object.values(sealed))
        .run();
      return meta.changes === 1 ? get(personId) : null;
    },
    async noteSignIn(personId, atMs) {
      await db
        .prepare("UPDATE personal_data SET last_login_at = ?2 WHERE person_id = ?1")
        .bind(personId, atMs)
        .run();
    },
    async remove(personId) {
      await db.prepare("DELETE FROM personal_data WHERE person_id = ?1").bind(personId).run();
    },
  };
}

/** Adds a consent of a person, if there is such a person. */
function addConsent(db: D1Database, personId: string, consent: Consent, atMs: number) {
  return db
    .prepare(
      `INSERT INTO consents (consent_id, person_id, purpose, policy_version, text_sha256, locale,
         mechanism, given, at)
       SELECT ?2, person_id, ?3, ?4, ?5, ?6, ?7, ?8, ?9 FROM personal_data WHERE person_id = ?1`,
    )
    .bind(
      personId,
      consent.consentId,
      consent.purpose,
      consent.policyVersion,
      consent.textSha256,
      consent.locale,
      consent.mechanism,
      consent.isGiven ? 1 : 0,
      atMs,
    );
}

async function toPersonalData(row: Row, cipher: FieldCipher): Promise<PersonalData | null> {
  const { person_id: personId } = row;
  const { name, email, address, country, timezone, payment_ref } = row;
  const fields = { name, email, address, country, timezone, payment_ref };
  const opened = await cipher.open(personId, personId, fields);
  if (!opened) return null;
  return {
    schema_version: personalDataVersion,
    person_id: personId,
    email: opened["email"] ?? "",
    name: opened["name"] ?? null,
    address: opened["address"] ?? null,
    country: opened["country"] ?? null,
    timezone: opened["timezone"] ?? null,
    payment_ref: opened["payment_ref"] ?? null,
    verification_status: row.verification_status,
    created_at: toInstant(row.created_at),
    last_login_at: row.last_login_at === null ? null : toInstant(row.last_login_at),
  };
}
