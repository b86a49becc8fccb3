/**
 * Checkpoints of the audit log in R2 (`AUDIT_CHECKPOINTS`): an object of JSON a day, named by it, so
 * that their order is that of the days.
 */
import { type AuditCheckpoint, auditCheckpointSchema } from "@hi-stranger/core/contract/audit";
import { listViolations } from "@hi-stranger/core/schema/violations";
import type { AuditCheckpointStore } from "./audit-ports.ts";

const prefix = "checkpoint/";
const keyOf = (day: string) => `${prefix}${day}.json`;

export function createR2AuditCheckpointStore(bucket: R2Bucket): AuditCheckpointStore {
  async function read(key: string): Promise<AuditCheckpoint | null> {
    const object = await bucket.get(key);
    return object && parseCheckpoint(await object.text());
  }

  return {
    async add(checkpoint) {
      const httpMetadata = { contentType: "application/json" };
      const onlyIf = { etagDoesNotMatch: "*" };
      await bucket.put(keyOf(checkpoint.day), JSON.stringify(checkpoint), { httpMetadata, onlyIf });
    },

    async list(afterDay, limit) {
      const startAfter = afterDay === null ? {} : { startAfter: keyOf(afterDay) };
      const { objects } = await bucket.list({ prefix, limit, ...startAfter });
      const found = await Promise.all(objects.map(({ key }) => read(key)));
      // One that isn't a checkpoint any more is missing in the list, which is what verifying then finds.
      return found.filter((checkpoint) => checkpoint !== null);
    },

    async last() {
      let key: string | undefined;
      let isTruncated = true;
      while (isTruncated) {
        const startAfter: R2ListOptions = key === undefined ? {} : { startAfter: key };
        const page = await bucket.list({ prefix, ...startAfter });
        key = page.objects.at(-1)?.key ?? key;
        isTruncated = page.truncated;
      }
      if (key === undefined) return null;
      const checkpoint = await read(key);
      if (!checkpoint) throw new Error("the last checkpoint of the audit log is damaged");
      return checkpoint;
    },
  };
}

function parseCheckpoint(text: string): AuditCheckpoint | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const [violation] = listViolations(auditCheckpointSchema, value);
  return violation ? null : (value as AuditCheckpoint);
}
