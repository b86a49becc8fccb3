/** The endpoints of imports. */
import Type from "typebox";
import { idempotencyHeader } from "./idempotency.ts";
import type { Route } from "./route.ts";

/** Most bytes of an import as sent. */
export const maxImportBytes = 50_000_000;
/** Most bytes of an import once unpacked. */
export const maxUnpackedBytes = 200_000_000;
/** Most entries of a report's `errors_sample`. */
export const maxErrorsSample = 200;
/** How long a report is kept. */
export const reportTtlSeconds = 30 * 24 * 60 * 60;

const closed = { additionalProperties: false };
const count = () => Type.Integer({ minimum: 0 });

const lineError = Type.Object(
  {
    line_no: Type.Integer({ minimum: 1 }),
    status: Type.Literal(422),
    path: Type.String({ description: "JSON Pointer to the place in the record." }),
    error_code: Type.String({
      description:
        "`json_parse_error`, `invalid_utf8`, `line_too_large`, `duplicate_key`, `unsupported_record`, " +
        "or the failing keyword of the schema in snake case.",
    }),
    message: Type.String(),
  },
  closed,
);

/** What an import did. */
export const importReportSchema = Type.Object(
  {
    import_id: Type.String({ pattern: "^imp_[0-9a-z]{26}$" }),
    state: Type.Enum(["running", "complete", "incomplete", "refused"], {
      description:
        "`running` while lines arrive; `incomplete` when the sender hung up (whole chunks are stored, " +
        "sending again completes them; its counts are those last noted); `refused` when nothing was stored.",
    }),
    started_at: Type.String({ format: "date-time" }),
    finished_at: Type.Union([Type.String({ format: "date-time" }), Type.Null()]),
    lines_total: count(),
    lines_valid: count(),
    lines_invalid: count(),
    inserted: count(),
    updated: count(),
    unchanged: count(),
    errors_sample: Type.Array(lineError, { maxItems: maxErrorsSample }),
    errors_truncated: Type.Boolean(),
    checksum_sha256: Type.Union([Type.String(), Type.Null()], {
      description: "SHA-256 of the body as sent, in hex; null until it has all arrived.",
    }),
    bytes_received: count(),
    shard_id: Type.Union([Type.String(), Type.Null()]),
    notes: Type.Union([Type.String(), Type.Null()]),
  },
  closed,
);
export type ImportReport = Type.Static<typeof importReportSchema>;
export type LineError = Type.Static<typeof lineError>;

const importHeaders = Type.Object({
  ...idempotencyHeader,
  "X-Checksum-Sha256": Type.Optional(
    Type.String({
      pattern: "^[0-9a-fA-F]{64}$",
      description: "Of the body as sent; a mismatch stores nothing.",
    }),
  ),
  "X-Shard-Id": Type.Optional(Type.String({ pattern: "^[\\x20-\\x7e]{1,128}$" })),
  "X-Import-Notes": Type.Optional(Type.String({ pattern: "^[\\x20-\\x7e]{1,500}$" })),
});

const importBody = {
  contentTypes: ["application/x-ndjson", "application/gzip"],
  maxBytes: maxImportBytes,
  maxUnpackedBytes,
} as const;

const importAnswers = {
  200: { description: "Every line was valid and is stored.", schema: importReportSchema },
  207: {
    description: "The valid lines are stored; the report tells the others.",
    schema: importReportSchema,
  },
} as const;

const importErrors = [
  "unsupported_media_type",
  "body_too_large",
  "unpacked_too_large",
  "body_incomplete",
  "invalid_gzip",
  "empty_body",
  "no_valid_lines",
  "invalid_lines",
  "checksum_mismatch",
] as const;

export const importProfiles = {
  id: "importProfiles",
  method: "POST",
  path: "/api/profiles/import",
  summary: "Insert and update personas from NDJSON",
  description:
    "One `user_profile.v1` a line. Of several lines with one id the last wins. 422 answers carry the report's members too.",
  action: "profiles.import",
  limit: "import",
  repeat: "by_key_of_its_own",
  query: Type.Object(
    {
      atomic: Type.Optional(
        Type.Boolean({ default: false, description: "Store nothing when any line is invalid." }),
      ),
    },
    closed,
  ),
  headers: importHeaders,
  body: importBody,
  answers: importAnswers,
  errors: importErrors,
} as const satisfies Route;

export const importBulk = {
  id: "importBulk",
  method: "POST",
  path: "/api/bulk/import",
  aliases: ["/bulk/import"],
  summary: "Import a bulk file of mixed records",
  description:
    "The first line is the manifest (`profiles_version`, `meta_version`), the last one counts the records by kind and gives the " +
    "SHA-256 of all lines before it that are not blank, each followed by LF. Nothing is stored unless the frame is whole. Kinds that have no home yet are refused by line.",
  action: "profiles.import",
  limit: "import",
  repeat: "by_key_of_its_own",
  query: importProfiles.query,
  headers: importHeaders,
  body: importBody,
  answers: importAnswers,
  errors: [...importErrors, "invalid_manifest"],
} as const satisfies Route;

export const getImportReport = {
  id: "getImportReport",
  method: "GET",
  path: "/api/profiles/report",
  summary: "The report of an import",
  action: "imports.read",
  query: Type.Object({ id: Type.String({ pattern: "^imp_[0-9a-z]{26}$" }) }, closed),
  answers: { 200: { description: "The report, kept for 30 days.", schema: importReportSchema } },
  errors: ["report_not_found"],
} as const satisfies Route;
