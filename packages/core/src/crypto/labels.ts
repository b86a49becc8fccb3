/**
 * Every label that the server's keys are derived and bound with. A label names one use and its
 * version, so no two uses ever share a key; a new use gets a new label, and none is used again.
 */
export const keyLabels = {
  /** HKDF: a KEK and a subject's share to the key that wraps the subject's data key. */
  wrap: "hs/wrap/v1",
  /** HKDF: a data key and a salt to the key, commitment and IV of one field. */
  field: "hs/field/v1",
  /** HKDF: a data key to the key of all its fields, and their commitment. */
  dataKeyFields: "hs/field/v2",
  /** HKDF: an index root to the HMAC key of one column. */
  index: "hs/index/v1",
  /** HKDF: the token of a sign-in link to the key and IV of the address that waits for it. */
  linkAddress: "hs/link-address/v1",
  /** HKDF: a session root to the key that signs access tokens. */
  accessToken: "hs/access-token/v1",
  /** HKDF: a session root to the key of the tags that refresh tokens carry. */
  refreshToken: "hs/refresh-token/v1",
  /** HKDF: a session root to the HMAC key of CSRF tokens. */
  csrfToken: "hs/csrf-token/v1",
  /** SHA-256: what an entry of the audit log hashes begins with. */
  auditEntry: "hs/audit-entry/v1",
  /** HKDF: an audit root to the HMAC key of the pseudonyms in the audit log. */
  auditPseudonym: "hs/audit-pseudonym/v1",
  /** HKDF: an audit root to the Ed25519 key that signs checkpoints of the audit log. */
  auditCheckpointKey: "hs/audit-checkpoint-key/v1",
  /** Ed25519: what the signed bytes of a checkpoint begin with. */
  auditCheckpoint: "hs/audit-checkpoint/v1",
  /** HKDF: a session root, and the day, to the HMAC key of the names that limits are kept by. */
  limitSubject: "hs/limit-subject/v1",
  /** HKDF: a session root to the HMAC key of the names that idempotency keys are kept by. */
  onceName: "hs/once-name/v1",
  /** HKDF: a session root to the HMAC key that tells the request of an idempotency key from others. */
  onceRequest: "hs/once-request/v1",
  /** HKDF: a session root and an idempotency key to the key of the answer that is kept for it. */
  onceAnswer: "hs/once-answer/v1",
  /** HKDF: a root to the few bytes that tell it from others in public. */
  fingerprint: "hs/fingerprint/v1",
} as const;
