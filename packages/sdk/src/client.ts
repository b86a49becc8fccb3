/**
 * The typed client of the API, for Node, browsers and Workers.
 *
 * Types and paths come from `core/contract`, as types only, so that no schema travels into a
 * page's bundle. Failures are thrown as {@link ClientError}, a `StoreError` with the API's code;
 * an aborted call throws its signal's reason. Nothing is sent again here but what `send-once.ts` keeps
 * safe; the import engine does that for imports.
 * The token lives in a closure and is never part of an error or of a property.
 */
import type { ImportReport } from "@hi-stranger/core/contract/imports";
import type { AnswerOf, BodyOf, QueryOf } from "@hi-stranger/core/contract/route";
import type { UserProfile } from "@hi-stranger/core/schema/user-profile";
import { StoreError } from "@hi-stranger/core/errors";
import type {
  AdminRouteId,
  CallOptions,
  CallTable,
  PersonRouteId,
  RouteId,
  RouteOf,
} from "./call-table.ts";
import { ClientError, isReplayed, toAnswerError } from "./client-error.ts";
import type { Pace } from "./pace.ts";
import { type OnceOptions, createSendOnce } from "./send-once.ts";
import {
  type Send,
  type SenderOptions,
  createSender,
  drain,
  namingNetworkErrors,
  readJson,
  sendForJson,
} from "./transport.ts";

/** Routes of people are in `person-client.ts`; those of admins are not for every client. */
const calls: CallTable<Exclude<RouteId, "importBulk" | PersonRouteId | AdminRouteId>> = {
  ping: { method: "GET", path: "/api/ping" },
  importProfiles: { method: "POST", path: "/api/profiles/import" },
  getProfile: { method: "GET", path: "/api/profiles/item" },
  deleteProfile: { method: "DELETE", path: "/api/profiles/item" },
  listProfiles: { method: "GET", path: "/api/profiles" },
  countProfiles: { method: "GET", path: "/api/profiles/count" },
  listProfileChanges: { method: "GET", path: "/api/profiles/changes" },
  exportProfiles: { method: "GET", path: "/api/profiles/export" },
  getImportReport: { method: "GET", path: "/api/profiles/report" },
  createToken: { method: "POST", path: "/api/tokens" },
  listTokens: { method: "GET", path: "/api/tokens" },
  revokeToken: { method: "DELETE", path: "/api/tokens/{id}" },
};

export type ClientOptions = SenderOptions;

export interface GetProfileOptions extends CallOptions {
  /** Ask the database, past every cache. */
  readonly isFresh?: boolean;
}

/** A persona and its revision. */
export interface ProfileAnswer {
  readonly profile: UserProfile;
  readonly rev: number;
}

export type ImportBody = Uint8Array<ArrayBuffer> | Blob | ReadableStream<Uint8Array>;

export interface ImportOptions extends CallOptions {
  /** Whether the body is a gzip stream (of NDJSON). */
  readonly isGzip: boolean;
  /** A bare token or a quoted string; repeats with the same body are safe for 24 hours. */
  readonly idempotencyKey?: string | undefined;
  /** Of the body as sent, in hex. */
  readonly checksumSha256?: string | undefined;
  /** Store nothing when any line is invalid. */
  readonly isAtomic?: boolean | undefined;
  readonly shardId?: string | undefined;
  readonly notes?: string | undefined;
}

export interface ImportAnswer {
  /** 200 all lines stored, 207 the valid ones, 422 nothing. */
  readonly status: 200 | 207 | 422;
  readonly report: ImportReport;
  /** Whether the answer is that of an earlier request with the same key. */
  readonly isReplayed: boolean;
}

export type Ping = AnswerOf<RouteOf<"ping">, 200>;
export type ListProfilesQuery = QueryOf<RouteOf<"listProfiles">>;
export type ListProfilesAnswer = AnswerOf<RouteOf<"listProfiles">, 200>;
export type ListProfileChangesQuery = QueryOf<RouteOf<"listProfileChanges">>;
export type ListProfileChangesAnswer = AnswerOf<RouteOf<"listProfileChanges">, 200>;
export type CreateTokenBody = BodyOf<RouteOf<"createToken">>;
export type CreatedToken = AnswerOf<RouteOf<"createToken">, 201>;
export type TokenList = AnswerOf<RouteOf<"listTokens">, 200>;

export interface Client {
  ping(options?: CallOptions): Promise<Ping>;
  /** Null when there is no such persona. */
  getProfile(id: string, options?: GetProfileOptions): Promise<ProfileAnswer | null>;
  listProfiles(query?: ListProfilesQuery, options?: CallOptions): Promise<ListProfilesAnswer>;
  countProfiles(options?: CallOptions): Promise<number>;
  listProfileChanges(
    query?: ListProfileChangesQuery,
    options?: CallOptions,
  ): Promise<ListProfileChangesAnswer>;
  /** Every persona as NDJSON, unpacked. The stream fails when the answer breaks off. */
  exportProfiles(options?: CallOptions): Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;
  /** False when there was none. */
  deleteProfile(id: string, options?: CallOptions): Promise<boolean>;
  importProfiles(body: ImportBody, options: ImportOptions): Promise<ImportAnswer>;
  /** Null when the store has no such report (any more). */
  getImportReport(id: string, options?: CallOptions): Promise<ImportReport | null>;
  /**
   * Makes a token, which nobody is shown again.
   *
   * @throws {ClientError} `answer_not_kept`, with its `token_id` among the members, when it was made and the answer got lost
   */
  createToken(body: CreateTokenBody, options?: OnceOptions): Promise<CreatedToken>;
  listTokens(options?: CallOptions): Promise<TokenList>;
  /** False when there was none. */
  revokeToken(id: string, options?: CallOptions): Promise<boolean>;
}

/** Makes a client. It opens no connection before its first call. */
export function createClient(options: ClientOptions): Client {
  return createClientOf(createSender(options), options.pace);
}

/** A client that leaves the sending to `send`, such as to one that knows of a session. */
export function createClientOf(send: Send, pace?: Pace): Client {
  const sendOnce = createSendOnce(send, pace);
  return {
    ping: (call) => sendForJson(send, { ...calls.ping, ...call }),

    async getProfile(id, { signal, isFresh = false } = {}) {
      const headers = isFresh ? { "Cache-Control": "no-cache" } : {};
      const request = { ...calls.getProfile, query: { id }, headers, signal };
      return orElse(null, "profile_not_found", async () => {
        const response = await send(request);
        const profile = await readJson<UserProfile>(response, signal);
        return { profile, rev: readRev(response) };
      });
    },

    listProfiles: (query, call) => sendForJson(send, { ...calls.listProfiles, query, ...call }),

    async countProfiles(call) {
      const answer = await sendForJson<AnswerOf<RouteOf<"countProfiles">, 200>>(send, {
        ...calls.countProfiles,
        ...call,
      });
      return answer.total;
    },

    listProfileChanges: (query, call) =>
      sendForJson(send, { ...calls.listProfileChanges, query, ...call }),

    async exportProfiles(call) {
      const response = await send({ ...calls.exportProfiles, ...call });
      return namingNetworkErrors(response.body ?? new Blob().stream(), call?.signal);
    },

    deleteProfile: (id, call) =>
      orElse(false, "profile_not_found", async () => {
        await drain(await send({ ...calls.deleteProfile, query: { id }, ...call }));
        return true;
      }),

    importProfiles: (body, importOptions) => sendImport(send, body, importOptions),

    getImportReport: (id, call) =>
      orElse(null, "report_not_found", () =>
        sendForJson<ImportReport>(send, { ...calls.getImportReport, query: { id }, ...call }),
      ),

    async createToken(body, call) {
      const headers = { "Content-Type": "application/json" };
      const request = { ...calls.createToken, headers, body: JSON.stringify(body) };
      return readJson(await sendOnce(request, call), call?.signal);
    },

    listTokens: (call) => sendForJson(send, { ...calls.listTokens, ...call }),

    revokeToken: (id, call) =>
      orElse(false, "token_not_found", async () => {
        const path = calls.revokeToken.path.replace("{id}", encodeURIComponent(id));
        await drain(await send({ ...calls.revokeToken, path, ...call }));
        return true;
      }),
  };
}

async function sendImport(
  send: Send,
  body: ImportBody,
  { isGzip, isAtomic = false, signal, ...options }: ImportOptions,
): Promise<ImportAnswer> {
  const headers: Record<string, string> = {
    "Content-Type": isGzip ? "application/gzip" : "application/x-ndjson",
  };
  const { idempotencyKey, checksumSha256, shardId, notes } = options;
  if (idempotencyKey !== undefined) headers["Idempotency-Key"] = idempotencyKey;
  if (checksumSha256 !== undefined) headers["X-Checksum-Sha256"] = checksumSha256;
  if (shardId !== undefined) headers["X-Shard-Id"] = shardId;
  if (notes !== undefined) headers["X-Import-Notes"] = notes;
  const query = isAtomic ? { atomic: true } : {};
  try {
    const response = await send({ ...calls.importProfiles, query, headers, body, signal });
    return {
      status: response.status === 207 ? 207 : 200,
      report: await readJson<ImportReport>(response, signal),
      isReplayed: isReplayed(response),
    };
  } catch (error) {
    if (error instanceof ClientError && carriesReport(error)) {
      const report = error.extra.members as unknown as ImportReport;
      return { status: 422, report, isReplayed: error.isReplayed };
    }
    throw error;
  }
}

/** Whether `error` refuses an import for its lines and brings the report along, as its members. */
function carriesReport({ code, extra }: ClientError): boolean {
  const isForLines = code === "no_valid_lines" || code === "invalid_lines";
  return isForLines && typeof extra.members?.["import_id"] === "string";
}

/** What `ask` gives, or `fallback` when it fails with `code`. */
async function orElse<T, F>(fallback: F, code: string, ask: () => Promise<T>): Promise<T | F> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof StoreError && error.code === code) return fallback;
    throw error;
  }
}

/** The revision in an `ETag`, also of a view for strangers. A proxy that compresses may have made the tag weak. */
function readRev(response: Response): number {
  const digits = /^(?:W\/)?"(\d{1,16})(?:-public-\d{1,3})?"$/.exec(
    response.headers.get("etag") ?? "",
  )?.[1];
  if (digits === undefined) throw toAnswerError(response, null);
  return Number(digits);
}
