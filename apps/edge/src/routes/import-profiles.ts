/** `POST /api/profiles/import` and `POST /api/bulk/import`. */
import { waitUntil } from "cloudflare:workers";
import {
  importBulk,
  importProfiles,
  maxImportBytes,
  maxUnpackedBytes,
} from "@hi-stranger/core/contract/imports";
import { toIdempotencyKey } from "@hi-stranger/core/contract/idempotency";
import { StoreError } from "@hi-stranger/core/errors";
import { jsonAnswer } from "../http/answers.ts";
import { type Call, contentTypeOf, endpoint } from "../http/endpoint.ts";
import { idOf } from "../policy/principal.ts";
import { type LineReader, createBulkLines, profileLines } from "../services/bulk-frame.ts";
import { type ImportOutcome, runImport } from "../services/import.ts";
import { toRefusal } from "../services/import-report.ts";
import type { IdempotencyKey } from "../stores/ports.ts";

type ImportCall = Call<typeof importProfiles> | Call<typeof importBulk>;

export const importProfilesEndpoint = endpoint(importProfiles, (call) =>
  answerImport(call, importProfiles.id, profileLines, false),
);

export const importBulkEndpoint = endpoint(importBulk, (call) =>
  answerImport(call, importBulk.id, createBulkLines(), true),
);

async function answerImport(
  call: ImportCall,
  routeId: string,
  lines: LineReader,
  hasFrame: boolean,
): Promise<Response> {
  const { request, query, headers, context, principal } = call;
  const isGzip = isGzipBody(request);
  const isAtomic = query.atomic === true;
  const checksum = headers["X-Checksum-Sha256"]?.toLowerCase() ?? null;
  const hasLength = request.headers.has("Content-Length");
  const key = headers["Idempotency-Key"];
  const body: ReadableStream<Uint8Array> | null = request.body;
  if (!body) throw new StoreError("empty_body", "Send one persona a line.");
  const running = runImport(
    {
      routeId,
      body,
      isGzip,
      maxBytes: maxImportBytes,
      maxUnpackedBytes,
      lines,
      isAtomic,
      isStaged: isAtomic || isGzip || hasFrame || checksum !== null || !hasLength,
      key: key === undefined ? null : await toOwnKey(call, toIdempotencyKey(key)),
      checksumSha256: checksum,
      shardId: headers["X-Shard-Id"] ?? null,
      notes: headers["X-Import-Notes"] ?? null,
      actor: principal,
    },
    context,
  );
  // Goes on when the sender hangs up, so that the report can say so.
  waitUntil(running.catch(() => undefined));
  return toAnswer(await running);
}

function toAnswer({ status, report, isReplayed }: ImportOutcome): Response {
  const headers: Record<string, string> = isReplayed ? { "Idempotency-Replayed": "true" } : {};
  if (status !== 422) return jsonAnswer(report, { status, headers });
  const { code, detail, extra } = toRefusal(report);
  throw new StoreError(code, detail, { ...extra, headers });
}

/** Whether the body is gzip, by its type or its coding. @throws {StoreError} for any other coding. */
function isGzipBody(request: Request): boolean {
  const coding = request.headers.get("Content-Encoding")?.trim().toLowerCase() ?? "identity";
  if (!["identity", "gzip", ""].includes(coding)) {
    throw new StoreError("unsupported_media_type", "The one content coding accepted is gzip.", {
      headers: { "Accept-Encoding": "gzip" },
    });
  }
  return coding === "gzip" || contentTypeOf(request) === "application/gzip";
}

/** Keys of one caller don't meet those of another. Those of people stand under names that don't tell whose they are. */
async function toOwnKey({ principal, context }: ImportCall, key: string): Promise<IdempotencyKey> {
  const { kind } = principal;
  if (kind !== "person") return { scope: idOf(principal) || kind, key };
  if (!context.once) throw new TypeError("the prototype knows no people");
  return { scope: kind, key: await context.once.nameOf({ principal, routeId: "import", key }) };
}
