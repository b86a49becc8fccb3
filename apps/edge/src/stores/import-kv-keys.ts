/** Where imports keep things in KV, in both modes of the store. */
import type { IdempotencyKey } from "./ports.ts";

/** In `IMPORT_REPORT_KV`. */
export const reportKvKey = (importId: string) => `report:${importId}`;

/** In `IDEMPOTENCY_KV`; within KV's 512 bytes, as keys have 256 characters at most. */
export const idempotencyKvKey = ({ scope, key }: IdempotencyKey) => `import:${scope}:${key}`;
