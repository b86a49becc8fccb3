/**
 * The vocabulary of the audit log: what can happen, how it can end, and what may be said of it.
 *
 * All of it is closed. What an entry says is made of numbers and of words that this repository
 * lists, so that there is no place where a name, an address or a text could get into the log.
 */
import Type from "typebox";
import { keyPurposes } from "../crypto/keyring.ts";
import { type ErrorCode, errorKindsByCode } from "../errors.ts";
import { personalFields } from "../schema/personal-data.ts";
import { type Action, roles, rulesByAction, scopes } from "./actions.ts";
import { auditActions, auditOutcomes } from "./audit-words.ts";

/**
 * What an entry can be about. Ids of people and of what is theirs stand in the log as pseudonyms,
 * those of the operator's own things as they are.
 */
export const auditSubjects = {
  person: "pseudonym",
  persona: "pseudonym",
  session: "pseudonym",
  /** A network address, by whatever its caller makes of it. */
  address: "pseudonym",
  token: "id",
  import: "id",
} as const;
export type AuditSubjectKind = keyof typeof auditSubjects;

const closed = { additionalProperties: false };
const count = () => Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }));
const sha256Hex = () => Type.Optional(Type.String({ pattern: "^[0-9a-f]{64}$" }));
const word = <const Words extends string[]>(words: Words) => Type.Optional(Type.Enum(words));
const words = <const Words extends string[]>(list: Words) =>
  Type.Optional(Type.Array(Type.Enum(list), { maxItems: list.length, uniqueItems: true }));

/** The names of an object's members, which the compiler knows and `Object.keys` forgets. */
const namesOf = <Name extends string>(members: Readonly<Record<Name, unknown>>) =>
  Object.keys(members) as Name[];

/** What an entry says besides: whole numbers, and words of closed lists. */
export const auditDetailSchema = Type.Object(
  {
    /** The id of a route of the contract. */
    route: Type.Optional(Type.String({ pattern: "^[a-z][A-Za-z]{1,62}$" })),
    status: Type.Optional(Type.Integer({ minimum: 100, maximum: 599 })),
    code: word<ErrorCode[]>(namesOf(errorKindsByCode)),
    /** The action that somebody asked for. */
    access: word<Action[]>(namesOf(rulesByAction)),
    columns: words(namesOf(personalFields)),
    scopes: words([...scopes]),
    role: word([...roles]),
    /** The kind of a key. */
    purpose: word([...keyPurposes, "dek"]),
    version: count(),
    state: word(["complete", "incomplete", "refused"]),
    checksum_sha256: sha256Hex(),
    lines_valid: count(),
    lines_invalid: count(),
    count: count(),
    seconds: count(),
    first_seq: count(),
    last_seq: count(),
    head_hash: sha256Hex(),
    /** Of an entry whose outcome is unknown: when it was begun, in epoch milliseconds. */
    begun_at_ms: count(),
  },
  closed,
);
export type AuditDetail = Type.Static<typeof auditDetailSchema>;

/** A day in UTC, such as `2026-11-22`. */
const day = () => Type.String({ format: "date" });
const hash = () => Type.String({ pattern: "^[0-9a-f]{64}$", description: "SHA-256, in hex." });
const seq = () => Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** An entry as it travels. */
export const auditEntrySchema = Type.Object(
  {
    seq: seq(),
    at: Type.String({ format: "date-time" }),
    actor: Type.String({ description: "`operator`, `system`, a token's id, or a pseudonym." }),
    action: Type.Enum([...auditActions]),
    subject: Type.Union([Type.String(), Type.Null()]),
    outcome: Type.Enum([...auditOutcomes]),
    detail: auditDetailSchema,
    previous_hash: hash(),
    hash: hash(),
  },
  closed,
);
export type AuditEntry = Type.Static<typeof auditEntrySchema>;

/** What the log was at the end of a day, signed. */
export const auditCheckpointSchema = Type.Object(
  {
    environment: Type.String(),
    day: day(),
    first_seq: seq(),
    last_seq: seq(),
    count: seq(),
    head_hash: hash(),
    key_version: Type.Integer({ minimum: 1 }),
    signature: Type.String({ description: "Ed25519, in base64url." }),
  },
  closed,
);
export type AuditCheckpoint = Type.Static<typeof auditCheckpointSchema>;

/** The public half of a key that signs checkpoints. */
export const auditKeySchema = Type.Object(
  {
    version: Type.Integer({ minimum: 1 }),
    public_key: Type.String({ description: "Ed25519, 32 bytes in base64url." }),
  },
  closed,
);
export type AuditKey = Type.Static<typeof auditKeySchema>;

/** How long entries are kept: whole days, once their checkpoint stands. */
export const auditRetentionDays = 30;
