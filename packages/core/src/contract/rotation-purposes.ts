/** What can be rotated: roots that wrap and that index, and the subjects' own data keys. */
export const rotationPurposes = ["kek", "dek", "index"] as const;
export type RotationPurpose = (typeof rotationPurposes)[number];
