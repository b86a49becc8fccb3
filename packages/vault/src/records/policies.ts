/** States of moderation in `vault.db`. */
import type { PolicyRow, PolicyStore } from "@hi-stranger/core/store/policy-store";
import type { StoredRecord } from "@hi-stranger/core/store/record-store";
import type { Database } from "../ports.ts";
import { keyedStore } from "./keyed-store.ts";
import type { SyncWriter } from "./sync-writer.ts";
import { selectedColumns, toPage } from "./sql-records.ts";

const page = `SELECT ${selectedColumns("policy_key")} FROM policies
  WHERE chat_id = ? AND policy_key > ? ORDER BY policy_key LIMIT ?`;

export function createSqlPolicyStore(database: Database): PolicyStore & SyncWriter<PolicyRow> {
  const { store, records } = keyedStore<PolicyRow>(database, {
    table: "policies",
    keyColumn: "policy_key",
    columns: ["chat_id"],
    valuesOf: ({ chatId }) => [chatId],
  });
  return {
    ...store,
    async list({ chatId, cursor, limit }) {
      const found = database.all<StoredRecord>(page, chatId, cursor ?? "", limit + 1);
      return toPage(found, limit, ({ key }) => key);
    },
    async clear(chatId) {
      return records.deleteWhere("chat_id", chatId);
    },
  };
}
