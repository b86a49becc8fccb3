/** The client of those who read a store's audit log: a token with the scope `audit:read`. */
import type { AuditCheckpoint, AuditEntry, AuditKey } from "@hi-stranger/core/contract/audit";
import type { AnswerOf, QueryOf } from "@hi-stranger/core/contract/route";
import type { CallOptions, CallTable, RouteOf } from "./call-table.ts";
import { type SenderOptions, createSender, sendForJson } from "./transport.ts";

const calls: CallTable<"listAuditEntries" | "listAuditCheckpoints"> = {
  listAuditEntries: { method: "GET", path: "/api/admin/audit" },
  listAuditCheckpoints: { method: "GET", path: "/api/admin/audit/checkpoints" },
};

export type ListAuditQuery = Omit<QueryOf<RouteOf<"listAuditEntries">>, "cursor">;

export interface AuditClient {
  /** Entries page by page; every page is an entry of the log itself. */
  entries(query: ListAuditQuery, options?: CallOptions): AsyncGenerator<AuditEntry[], void>;
  /** The checkpoints of all days, oldest first, page by page, with the keys that the store says sign them. */
  checkpoints(options?: CallOptions): AsyncGenerator<AuditCheckpointPage, void>;
}

export interface AuditCheckpointPage {
  readonly items: AuditCheckpoint[];
  readonly keys: AuditKey[];
}

/** Makes a client. It opens no connection before its first call. */
export function createAuditClient(options: SenderOptions): AuditClient {
  const send = createSender(options);

  /** Follows the cursors of a list to its end. */
  async function* walk<Page extends { readonly next_cursor: string | null }>(
    call: (typeof calls)[keyof typeof calls],
    query: object,
    { signal }: CallOptions,
  ): AsyncGenerator<Page, void> {
    let cursor: string | null = null;
    do {
      const at: object = cursor === null ? {} : { cursor };
      const page: Page = await sendForJson<Page>(send, {
        ...call,
        query: { ...query, ...at },
        signal,
      });
      yield page;
      cursor = page.next_cursor;
    } while (cursor !== null);
  }

  return {
    async *entries(query, call = {}) {
      const pages = walk<AnswerOf<RouteOf<"listAuditEntries">, 200>>(
        calls.listAuditEntries,
        query,
        call,
      );
      for await (const { items } of pages) yield items;
    },
    async *checkpoints(call = {}) {
      yield* walk<AnswerOf<RouteOf<"listAuditCheckpoints">, 200>>(
        calls.listAuditCheckpoints,
        {},
        call,
      );
    },
  };
}
