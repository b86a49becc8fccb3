/**
 * An import from its first byte to its report.
 *
 * Rows gather in groups. A body that fits one group is stored in a single transaction together
 * with its report. A larger one is written group by group as it arrives, unless something that
 * is known only at its end (a checksum, gzip's trailer, its length, the frame of a bulk file, the
 * last line of an atomic import) could still refuse it: then its groups are put aside first and
 * stored as a whole. So a body that is refused has changed nothing; a sender that hangs up leaves
 * whole groups and a report that says `incomplete`.
 */
import { type Clock, toInstant } from "@hi-stranger/core/clock";
import type { Id } from "@hi-stranger/core/codec/ids";
import { InputTooLargeError, type LineFault, readLines } from "@hi-stranger/core/codec/ndjson";
import type { ImportReport } from "@hi-stranger/core/contract/imports";
import { StoreError } from "@hi-stranger/core/errors";
import { type ProfileRow, toProfileRow } from "@hi-stranger/core/store/profile-store";
import type { FinishedImport, IdempotencyKey, ImportStore } from "../stores/ports.ts";
import type { AuditActor, AuditEvent, AuditLog } from "./audit.ts";
import type { LineReader } from "./bulk-frame.ts";
import { type ImportBody, openImportBody } from "./import-body.ts";
import {
  type Draft,
  hasRoom,
  openReport,
  refuseLine,
  statusOf,
  violationOfFault,
} from "./import-report.ts";

export interface ImportRequest {
  /** The endpoint it was sent to. */
  readonly routeId: string;
  readonly body: ReadableStream<Uint8Array>;
  readonly isGzip: boolean;
  readonly maxBytes: number;
  readonly maxUnpackedBytes: number;
  readonly lines: LineReader;
  readonly isAtomic: boolean;
  /** Whether the body can still prove to be bad after its first group, so that nothing is stored before its end. */
  readonly isStaged: boolean;
  readonly key: IdempotencyKey | null;
  readonly checksumSha256: string | null;
  readonly shardId: string | null;
  readonly notes: string | null;
  /** Who imports, for the audit log. */
  readonly actor: AuditActor;
}

export interface ImportOutcome {
  readonly status: number;
  readonly report: ImportReport;
  readonly isReplayed: boolean;
}

export interface ImportPorts {
  readonly imports: ImportStore;
  readonly clock: Clock;
  readonly newId: (prefix: "imp") => Id<"imp">;
  readonly audit: AuditLog | null;
}

/** Runs an import. @throws {StoreError} when nothing came of it; `members` then hold its id. */
export async function runImport(
  request: ImportRequest,
  ports: ImportPorts,
): Promise<ImportOutcome> {
  const { imports, clock, newId } = ports;
  const body = openImportBody(request.body, request);
  const draft = openReport(newId("imp"), clock.now(), request);
  const beginning = await imports.begin(draft, request.key);
  if (beginning.kind === "running") {
    await body.received.cancel();
    throw new StoreError(
      "idempotency_in_progress",
      `The first request with this key is still running; try again in ${beginning.retryAfterSeconds} s.`,
      { headers: { "Retry-After": String(beginning.retryAfterSeconds) } },
    );
  }
  if (beginning.kind === "finished") return replay(request, body, beginning.first);
  try {
    const rows = await storeLines(request, body, draft, imports);
    return await finish(request, body, draft, rows, ports);
  } catch (error) {
    const hasStored = draft.inserted + draft.updated + draft.unchanged > 0;
    const isRefusal = error instanceof StoreError && error.code !== "body_incomplete";
    draft.state = hasStored || !isRefusal ? "incomplete" : "refused";
    draft.finished_at = toInstant(clock.now());
    draft.bytes_received = body.bytesReceived();
    await body.received.cancel(error).catch(() => undefined);
    await imports.abandon(draft, request.key);
    throw withReport(error, draft);
  }
}

/** Reads all lines, stores or puts aside all groups but the last, and gives that one back. */
async function storeLines(
  request: ImportRequest,
  body: ImportBody,
  draft: Draft,
  imports: ImportStore,
): Promise<ProfileRow[] | "staged"> {
  let rows: ProfileRow[] = [];
  let groupBytes = 0;
  let hasStaged = false;
  const flush = async () => {
    if (request.isStaged) {
      await imports.stage(draft.import_id, rows);
      hasStaged = true;
    } else {
      const counts = await imports.write(rows);
      draft.inserted += counts.inserted;
      draft.updated += counts.updated;
      draft.unchanged += counts.unchanged;
    }
    rows = [];
    groupBytes = 0;
  };
  for await (const { firstLineNo, lines, byteLengths } of readAll(body, request)) {
    for (let index = 0; index < lines.length; index += 1) {
      const line = lines[index] as (typeof lines)[number];
      const row = readRow(line, firstLineNo + index, request.lines, draft);
      if (!row) continue;
      // Written compactly, a record is no longer than its line was.
      const rowBytes = byteLengths[index] ?? 0;
      if (groupBytes + rowBytes > imports.maxGroupBytes && rows.length > 0) await flush();
      rows.push(row);
      groupBytes += rowBytes + 1;
    }
    draft.bytes_received = body.bytesReceived();
    await imports.keepAlive(draft, request.key);
  }
  request.lines.close();
  if (hasStaged && rows.length > 0) await flush();
  return hasStaged ? "staged" : rows;
}

async function* readAll(body: ImportBody, { maxUnpackedBytes }: ImportRequest) {
  try {
    yield* readLines(body.unpacked(), { maxTotalBytes: maxUnpackedBytes });
  } catch (error) {
    if (!(error instanceof InputTooLargeError)) throw error;
    throw new StoreError(
      "unpacked_too_large",
      `A body has ${maxUnpackedBytes} bytes at most once unpacked; send the file in several parts.`,
    );
  }
}

/** The row on a line, or null when the line is blank, refused or part of a frame. */
function readRow(
  line: string | { readonly fault: LineFault },
  lineNo: number,
  reader: LineReader,
  draft: Draft,
): ProfileRow | null {
  if (line === "") return null;
  if (typeof line !== "string") {
    reader.skip();
    refuseLine(draft, lineNo, [violationOfFault(line.fault)]);
    return null;
  }
  if (line.trim() === "") return null;
  const read = reader.read(line, hasRoom(draft));
  if (read === null) return null;
  if ("violations" in read) {
    refuseLine(draft, lineNo, read.violations);
    return null;
  }
  draft.lines_total += 1;
  draft.lines_valid += 1;
  return toProfileRow(read);
}

/** Decides the status and closes the import. */
async function finish(
  request: ImportRequest,
  body: ImportBody,
  draft: Draft,
  rows: ProfileRow[] | "staged",
  { imports, clock, audit }: ImportPorts,
): Promise<ImportOutcome> {
  draft.bytes_received = body.bytesReceived();
  draft.checksum_sha256 = checkedDigest(request, body);
  const status = statusOf(draft, request.isAtomic);
  if (status === 422 && rows === "staged") await imports.discard(draft.import_id);
  draft.state = status === 422 ? "refused" : "complete";
  draft.finished_at = toInstant(clock.now());
  const statement = (await audit?.prepare(toAuditEvent(request.actor, draft, status))) ?? null;
  const report = await imports.finish({
    key: request.key,
    fingerprint: toFingerprint(draft.checksum_sha256, request),
    status,
    report: draft,
    rows: status === 422 ? [] : rows,
    audit: statement,
  });
  // Stored is stored, and the statement is noted with it: the hourly job enters what isn't here.
  if (statement) await audit?.enter(statement).catch(() => undefined);
  return { status, report, isReplayed: false };
}

/** What the audit log says of an import that has ended. */
function toAuditEvent(actor: AuditActor, draft: Draft, status: number): AuditEvent {
  const { import_id: id, checksum_sha256: checksum, lines_valid, lines_invalid } = draft;
  return {
    actor,
    action: "import.finished",
    subject: { kind: "import", id },
    outcome: status === 422 ? "refused" : "done",
    detail: {
      ...(checksum === null ? {} : { checksum_sha256: checksum }),
      lines_valid,
      lines_invalid,
    },
  };
}

/** Reads the body to its end without storing it, and gives the first answer to the same body. */
async function replay(
  request: ImportRequest,
  body: ImportBody,
  { fingerprint, status, report }: FinishedImport,
): Promise<ImportOutcome> {
  let buffer = new Uint8Array(64 * 1024);
  for (;;) {
    const read = await body.received.readInto(buffer, 0, buffer.length);
    if (read.done) break;
    buffer = read.buffer;
  }
  if (toFingerprint(checkedDigest(request, body), request) !== fingerprint) {
    throw new StoreError(
      "idempotency_key_reused",
      "The first request with this key had another body; take a new key for a new import.",
    );
  }
  return { status, report, isReplayed: true };
}

/** The digest of a body that has arrived. @throws {StoreError} when it isn't the one that was announced. */
function checkedDigest({ checksumSha256 }: ImportRequest, body: ImportBody): string {
  const digest = body.digest();
  if (checksumSha256 !== null && checksumSha256 !== digest) {
    throw new StoreError(
      "checksum_mismatch",
      "The body that arrived is not the one its checksum was made of; send it again.",
    );
  }
  return digest;
}

/** What makes two requests the same: where they go, their bytes, and how these are to be taken. */
function toFingerprint(sha256: string, { routeId, isAtomic, isGzip }: ImportRequest): string {
  return `${routeId}:${sha256}${isGzip ? "+gzip" : ""}${isAtomic ? "+atomic" : ""}`;
}

function withReport(error: unknown, report: ImportReport): unknown {
  if (!(error instanceof StoreError)) return error;
  return new StoreError(error.code, error.detail, {
    ...error.extra,
    members: { import_id: report.import_id },
  });
}
