/**
 * The names under which actors and subjects stand in the audit log.
 *
 *     person:1.<base64url(first 16 bytes of HMAC-SHA-256(key, LP(kind, id)))>
 *     key = HKDF-SHA-256(AUDIT root 1, no salt, LP("hs/audit-pseudonym/v1", environment))
 *
 * Whoever has the log alone learns which entries are about the same person, and nothing more; whoever
 * has an id and the root can look for it. Ids of the operator's own things stand there as they are.
 */
import { toBase64Url } from "@hi-stranger/core/codec/bytes";
import { auditSubjects } from "@hi-stranger/core/contract/audit";
import { deriveBytes } from "@hi-stranger/core/crypto/hkdf";
import { type Keyring, rootKey } from "@hi-stranger/core/crypto/keyring";
import { keyLabels } from "@hi-stranger/core/crypto/labels";
import { lengthPrefixed } from "@hi-stranger/core/crypto/length-prefix";
import type { AuditActor, AuditSubject } from "./audit.ts";

const pseudonymByteLength = 16;

export interface AuditNames {
  ofActor(actor: AuditActor): Promise<string>;
  ofSubject(subject: AuditSubject): Promise<string>;
}

export interface AuditNameOptions {
  readonly environment: string;
  /** @throws {StoreError} when there is no keyring. */
  readonly requireKeyring: () => Keyring;
  readonly subtle: SubtleCrypto;
}

export function createAuditNames(options: AuditNameOptions): AuditNames {
  const { environment, requireKeyring, subtle } = options;
  let made: Promise<{ version: number; key: CryptoKey }> | undefined;

  async function makeKey(): Promise<{ version: number; key: CryptoKey }> {
    const keyring = requireKeyring();
    const version = keyring.activeByPurpose.audit;
    const bytes = await deriveBytes(subtle, await rootKey(subtle, keyring, "audit", version), {
      hash: "SHA-256",
      salt: new Uint8Array(),
      info: lengthPrefixed(keyLabels.auditPseudonym, environment),
      byteLength: 32,
    });
    const algorithm = { name: "HMAC", hash: "SHA-256" } as const;
    const key = await subtle.importKey("raw", bytes, algorithm, false, ["sign"]);
    bytes.fill(0);
    return { version, key };
  }

  async function pseudonym(kind: string, id: string): Promise<string> {
    const { version, key } = await (made ??= makeKey());
    const mac = await subtle.sign("HMAC", key, lengthPrefixed(kind, id));
    const text = toBase64Url(new Uint8Array(mac).subarray(0, pseudonymByteLength));
    return `${kind}:${version}.${text}`;
  }

  return {
    async ofActor(actor) {
      switch (actor.kind) {
        case "person":
          return pseudonym("person", actor.personId);
        case "token":
          return `token:${actor.tokenId}`;
        case "operator":
        case "anonymous":
        case "system":
          return actor.kind;
        default:
          return actor satisfies never;
      }
    },
    async ofSubject({ kind, id }) {
      return auditSubjects[kind] === "pseudonym" ? pseudonym(kind, id) : `${kind}:${id}`;
    },
  };
}
