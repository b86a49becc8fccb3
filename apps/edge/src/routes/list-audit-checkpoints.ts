/** `GET /api/admin/audit/checkpoints`. */
import { listAuditCheckpoints, maxCheckpointPage } from "@hi-stranger/core/contract/audit-routes";
import { jsonAnswer } from "../http/answers.ts";
import { decodeCursor, encodeCursor } from "../http/cursor.ts";
import { endpoint } from "../http/endpoint.ts";

export const listAuditCheckpointsEndpoint = endpoint(
  listAuditCheckpoints,
  async ({ context, query }) => {
    const { cursor, limit = maxCheckpointPage } = query;
    const reader = context.requireAuditReader();
    const afterDay =
      cursor === undefined ? null : decodeCursor(listAuditCheckpoints.id, {}, cursor);
    const { items, isComplete } = await reader.checkpoints(afterDay, limit);
    const last = items.at(-1);
    return jsonAnswer({
      keys: await reader.keys(),
      items,
      list_complete: isComplete,
      next_cursor: isComplete || !last ? null : encodeCursor(listAuditCheckpoints.id, {}, last.day),
    });
  },
);
