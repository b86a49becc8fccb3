/** `GET /api/admin/audit`. */
import { fromInstant } from "@hi-stranger/core/clock";
import { listAuditEntries } from "@hi-stranger/core/contract/audit-routes";
import { jsonAnswer } from "../http/answers.ts";
import { decodeCursor, encodeCursor } from "../http/cursor.ts";
import { endpoint } from "../http/endpoint.ts";

export const listAuditEntriesEndpoint = endpoint(listAuditEntries, async ({ context, query }) => {
  const { cursor, limit = 100, order = "newest", ...rest } = query;
  const filter = { ...rest, order };
  const { action, outcome, since, until } = rest;
  const { items, isComplete } = await context.requireAuditReader().list({
    order,
    limit,
    afterSeq:
      cursor === undefined ? null : Number(decodeCursor(listAuditEntries.id, filter, cursor)),
    action,
    outcome,
    sinceMs: since === undefined ? undefined : fromInstant(since),
    untilMs: until === undefined ? undefined : fromInstant(until),
  });
  const last = items.at(-1);
  return jsonAnswer({
    items,
    list_complete: isComplete,
    next_cursor:
      isComplete || !last ? null : encodeCursor(listAuditEntries.id, filter, `${last.seq}`),
  });
});
