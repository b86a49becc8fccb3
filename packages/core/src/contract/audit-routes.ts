/** The endpoints that show the audit log. */
import Type from "typebox";
import { auditActions, auditOutcomes } from "./audit-words.ts";
import { auditCheckpointSchema, auditEntrySchema, auditKeySchema } from "./audit.ts";
import type { Route } from "./route.ts";

const closed = { additionalProperties: false };
/** Most entries of a page. */
export const maxAuditPage = 1_000;
/** Most checkpoints of a page, each of which is an object of its own in the store. */
export const maxCheckpointPage = 31;

export const listAuditEntries = {
  id: "listAuditEntries",
  method: "GET",
  path: "/api/admin/audit",
  summary: "The audit log, page by page",
  description:
    "Who did what, by pseudonyms. With `order=oldest` pages can be verified as they come: each entry's `hash` is made of what it says and of the hash before. Every call is an entry itself.",
  action: "audit.read",
  limit: "admin",
  query: Type.Object(
    {
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: maxAuditPage, default: 100 })),
      cursor: Type.Optional(Type.String({ maxLength: 2048 })),
      order: Type.Optional(Type.Enum(["newest", "oldest"], { default: "newest" })),
      action: Type.Optional(Type.Enum([...auditActions])),
      outcome: Type.Optional(Type.Enum([...auditOutcomes])),
      since: Type.Optional(
        Type.String({ format: "date-time", description: "Entered then or later." }),
      ),
      until: Type.Optional(Type.String({ format: "date-time", description: "Entered before." })),
    },
    closed,
  ),
  answers: {
    200: {
      description: "A page of it.",
      schema: Type.Object(
        {
          items: Type.Array(auditEntrySchema),
          list_complete: Type.Boolean(),
          next_cursor: Type.Union([Type.String(), Type.Null()]),
        },
        closed,
      ),
    },
  },
  errors: ["invalid_cursor", "not_supported"],
} as const satisfies Route;

export const listAuditCheckpoints = {
  id: "listAuditCheckpoints",
  method: "GET",
  path: "/api/admin/audit/checkpoints",
  summary: "The signed ends of the audit log's days, oldest first",
  description:
    "`keys` are the public halves of the keys that sign them. Whoever verifies had better know them from before.",
  action: "audit.read",
  limit: "admin",
  query: Type.Object(
    {
      limit: Type.Optional(
        Type.Integer({ minimum: 1, maximum: maxCheckpointPage, default: maxCheckpointPage }),
      ),
      cursor: Type.Optional(Type.String({ maxLength: 2048 })),
    },
    closed,
  ),
  answers: {
    200: {
      description: "A page of them.",
      schema: Type.Object(
        {
          keys: Type.Array(auditKeySchema),
          items: Type.Array(auditCheckpointSchema),
          list_complete: Type.Boolean(),
          next_cursor: Type.Union([Type.String(), Type.Null()]),
        },
        closed,
      ),
    },
  },
  errors: ["invalid_cursor", "not_supported"],
} as const satisfies Route;
