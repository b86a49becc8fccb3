/**
 * Every label that the server's keys are derived and bound with. A label names one use and its
 * version, so no two uses ever share a key; a new use gets a new label, and none is used again.
 */
export const keyLabels = {
  /** HKDF: a KEK and a subject's share to the key that wraps the subject's data key. */
  wrap: "hs/wrap/v1",
  /** HKDF: a data key and a salt to the key, commitment and IV of one field. */
  field: "hs/field/v1",
  /** HKDF: an index root to the HMAC key of one column. */
  index: "hs/index/v1",
  /** HKDF: a root to the few bytes that tell it from others in public. */
  fingerprint: "hs/fingerprint/v1",
} as const;
