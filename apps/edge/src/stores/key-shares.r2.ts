/**
 * The shares of subjects in R2: 32 random bytes each, kept apart from every database and backup.
 * Whoever deletes a subject's share has shredded all that its data keys ever encrypted.
 */
import { shareByteLength } from "@hi-stranger/core/crypto/data-key";
import type { KeyShares } from "./identity-ports.ts";

export function createR2KeyShares(bucket: R2Bucket): KeyShares {
  return {
    async get(subjectId) {
      const object = await bucket.get(shareKey(subjectId));
      if (!object) return null;
      const share = new Uint8Array(await object.arrayBuffer());
      if (share.length !== shareByteLength) throw new Error("a share has the wrong length");
      return share;
    },
    async create(subjectId, share) {
      // Of two that make one at once the first wins: a share that was used is never replaced.
      const onlyIf = { etagDoesNotMatch: "*" };
      return (await bucket.put(shareKey(subjectId), share, { onlyIf })) !== null;
    },
    async remove(subjectId) {
      await bucket.delete(shareKey(subjectId));
    },
  };
}

const shareKey = (subjectId: string) => `share/${subjectId}`;
