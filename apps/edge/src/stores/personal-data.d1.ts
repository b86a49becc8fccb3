/**
 * Personal data in D1 (`PII_DB`), encrypted field by field. An address is found by its blind index;
 * while the index is rotated there are two, written together, and looked up by every root there is.
 *
 * What is written names keys that may be rotated away from at that moment. So a statement that writes
 * has the condition that they are in use; where they aren't, it is tried again with those of now.
 */
import { toInstant } from "@hi-stranger/core/clock";
import { dataKeyOf } from "@hi-stranger/core/crypto/envelope";
import { type PersonalData, personalDataVersion } from "@hi-stranger/core/schema/personal-data";
import type { EmailIndex } from "./email-index.ts";
import type { FieldCipher, Fields } from "./field-cipher.ts";
import type { Consent, NewPerson, PersonalDataStore, WrappedKey } from "./identity-ports.ts";
import type { KeyPlan } from "./key-rotation-ports.ts";
import { countSeals } from "./wrapped-keys.d1.ts";

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
  readonly cipher: FieldCipher;
  readonly index: EmailIndex;
  readonly plan: KeyPlan;
}

/** A rotation retires a key once; twice between a try and the next is more than can be. */
const maxTries = 4;

export function createD1PersonalDataStore(
  db: D1Database,
  options: PersonalDataOptions,
): PersonalDataStore {
  const { cipher, index, plan } = options;

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

  async function findByEmail(email: string): Promise<string | null> {
    // Without the version in use this server would take everybody for a stranger; the plan says so.
    await plan.indexVersions();
    const hashes = JSON.stringify(await index.all(email));
    const row = await db
      .prepare(
        `SELECT person_id FROM personal_data WHERE email_hash IN (SELECT value FROM json_each(?1))
         UNION SELECT person_id FROM personal_data
           WHERE email_hash_next IN (SELECT value FROM json_each(?1))`,
      )
      .bind(hashes)
      .first<{ person_id: string }>();
    return row?.person_id ?? null;
  }

  /** One try; false when the address is somebody's or a key has been rotated away from. */
  async function tryToAdd({ personId, email, atMs, consents }: NewPerson): Promise<boolean> {
    const { primary, next } = await plan.indexVersions();
    const hash = await index.of(email, primary);
    const nextHash = next === null ? null : await index.of(email, next);
    const sealed = await cipher.seal(personId, personId, { email });
    const person = db
      .prepare(
        `INSERT INTO personal_data (person_id, schema_version, email, email_hash, email_hash_next,
           verification_status, created_at, updated_at)
         SELECT ?1, ?2, ?3, ?4, ?5, 'verified', ?6, ?6
         WHERE ${keyIsInUse("?7", "?8")}
           AND NOT EXISTS (SELECT 1 FROM key_rotations
             WHERE purpose = 'index' AND state = 'finished' AND to_version > ?9)
           AND NOT EXISTS (SELECT 1 FROM personal_data
             WHERE email_hash IN (SELECT value FROM json_each(?10)))
           AND NOT EXISTS (SELECT 1 FROM personal_data
             WHERE email_hash_next IN (SELECT value FROM json_each(?10)))
         ON CONFLICT DO NOTHING`,
      )
      .bind(
        personId,
        personalDataVersion,
        sealed["email"],
        hash,
        nextHash,
        atMs,
        ...namesOf(keyOf(sealed)),
        primary,
        JSON.stringify(await index.all(email)),
      );
    const given = consents.map((consent) => addConsent(db, personId, consent, atMs));
    const [, added] = await db.batch([countSealed(db, sealed), person, ...given]);
    return added?.meta.changes === 1;
  }

  return {
    get,
    findByEmail,
    async add(person) {
      for (let tries = 0; tries < maxTries; tries += 1) {
        if (await tryToAdd(person)) return true;
        if ((await findByEmail(person.email)) !== null) return false;
        plan.forget();
        cipher.forget(person.personId);
      }
      throw new Error("a person could not be added");
    },
    async change(personId, change, atMs) {
      for (let tries = 0; tries < maxTries; tries += 1) {
        // Sealing makes a key where there is none, which somebody who was erased must not get.
        if (!(await isThere(personId))) return null;
        const sealed = await cipher.seal(personId, personId, change);
        const sets = Object.keys(sealed).map((column, at) => `${column} = ?${at + 5}`);
        const update = db
          .prepare(
            `UPDATE personal_data SET ${["updated_at = ?2", ...sets].join(", ")}
             WHERE person_id = ?1 AND ${keyIsInUse("?3", "?4")}`,
          )
          .bind(personId, atMs, ...namesOf(keyOf(sealed)), ...Object.values(sealed));
        const [, updated] = await db.batch([countSealed(db, sealed), update]);
        if (updated?.meta.changes === 1) return get(personId);
        cipher.forget(personId);
      }
      throw new Error("a person could not be changed");
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

/**
 * The condition that a data key is its subject's newest, by the parameters of its id and version. An
 * older one may be retired at any moment, and a rotation would never catch up with who goes on using it.
 */
function keyIsInUse(dekId: string, version: string): string {
  return `NOT EXISTS (SELECT 1 FROM data_keys WHERE dek_id = ${dekId} AND version > ${version})`;
}

/** The key that values were sealed with together; none's name when there is no value. */
function keyOf(sealed: Fields): Pick<WrappedKey, "dekId" | "version"> {
  const value = Object.values(sealed).find((each) => each !== null);
  const { dekId = "", dekVersion = 0 } = (value && dataKeyOf(value)) || {};
  return { dekId, version: dekVersion };
}

const namesOf = ({ dekId, version }: ReturnType<typeof keyOf>) => [dekId, version] as const;

function countSealed(db: D1Database, sealed: Fields): D1PreparedStatement {
  const count = Object.values(sealed).filter((value) => value !== null).length;
  return countSeals(db, keyOf(sealed), count);
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
