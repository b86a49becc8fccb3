/** What every `MessageStore` does, as tests; see record-store-contract.ts for how to use them. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type MessageRow, type MessageStore, messagesPerPage } from "../src/store/message-store.ts";
import { describeRecordStore, testCursorRefusal } from "./record-store-contract.ts";
import { keysOf, linesOf, walkPages } from "./record-store-walk.ts";
import { idAt, messageRow } from "./record-rows.ts";

const [here, there] = [idAt("cht", 0), idAt("cht", 1)];

export function describeMessageStore(
  name: string,
  createStore: () => Promise<MessageStore> | MessageStore,
): void {
  const withRows = async (...rows: readonly MessageRow[]): Promise<MessageStore> => {
    const store = await createStore();
    await store.write(rows);
    return store;
  };
  const walk = (store: MessageStore, chatId: string, limit = messagesPerPage) =>
    walkPages((query) => store.list({ chatId, ...query }), limit);

  describeRecordStore(name, createStore, (index, body = "Hello") => messageRow(index, { body }));

  describe(`${name} as a MessageStore`, () => {
    test("lists a chat's messages, the newest first, in pages that lead to those before", async () => {
      const minute = (index: number) => String(index % 60).padStart(2, "0");
      const rows = Array.from({ length: 120 }, (_, index) =>
        messageRow(index, {
          created_at: `2026-01-02T0${Math.floor(index / 60)}:${minute(index)}:00.000Z`,
          chat_id: index % 10 === 0 ? there : here,
        }),
      );
      const store = await withRows(...rows);
      const expected = linesOf(rows.filter(({ chatId }) => chatId === here)).toReversed();
      const first = await store.list({ chatId: here, cursor: null, limit: messagesPerPage });
      expect(linesOf(first.items)).toEqual(expected.slice(0, 50));
      for (const limit of [1, 7, 50, 108, 109]) {
        expect(linesOf(await walk(store, here, limit))).toEqual(expected);
      }
      expect(await walk(store, there)).toHaveLength(12);
      expect(await walk(store, idAt("cht", 2))).toEqual([]);
    });

    test("orders messages of the same millisecond by descending id, whatever zone it is told in", async () => {
      const store = await withRows(
        messageRow(1, { created_at: "2026-01-02T10:00:00.000+01:00" }),
        messageRow(3, { created_at: "2026-01-02T09:00:00.0009Z" }),
        messageRow(2, { created_at: "2026-01-02t09:00:00z" }),
        messageRow(4, { created_at: "2026-01-02T08:59:59.999Z" }),
      );
      for (let limit = 1; limit <= 5; limit++) {
        expect(keysOf(await walk(store, here, limit))).toEqual(
          [3, 2, 1, 4].map((index) => idAt("msg", index)),
        );
      }
    });

    test("what arrives while somebody reads back is not in the pages before", async () => {
      const store = await withRows(...[1, 2, 3, 4].map((index) => messageRow(index)));
      const page = await store.list({ chatId: here, cursor: null, limit: 2 });
      await store.write([messageRow(9, { created_at: "2026-01-03T00:00:00.000Z" })]);
      await store.delete(idAt("msg", 3));
      const before = await store.list({ chatId: here, cursor: page.nextCursor, limit: 2 });
      expect(keysOf(before.items)).toEqual([idAt("msg", 2), idAt("msg", 1)]);
      expect(before.nextCursor).toBeNull();
    });

    test("a message that was deleted for all keeps its place without its body", async () => {
      const store = await withRows(messageRow(1), messageRow(2), messageRow(3));
      const gone = messageRow(2, { body: null, deleted_at: "2026-01-02T04:00:00.000Z" });
      await store.write([gone]);
      expect(linesOf(await walk(store, here))[1]).toBe(gone.line);
    });

    test("a message that moves to another chat leaves the first", async () => {
      const store = await withRows(messageRow(1));
      await store.write([messageRow(1, { chat_id: there })]);
      expect(await walk(store, here)).toEqual([]);
      expect(await walk(store, there)).toHaveLength(1);
    });

    test("clearing a chat removes its messages and no other, and answers how many", async () => {
      const rows = [1, 2, 3, 4, 5].map((index) =>
        messageRow(index, { chat_id: index > 3 ? there : here }),
      );
      const store = await withRows(...rows);
      expect(await store.clear(here)).toBe(3);
      expect(await walk(store, here)).toEqual([]);
      expect(await store.get(idAt("msg", 1))).toBeNull();
      expect(await walk(store, there)).toHaveLength(2);
      expect(await store.count()).toBe(2);
      expect(await store.clear(here)).toBe(0);
      expect(await store.clear("")).toBe(0);
      expect(await store.count()).toBe(2);
    });

    testCursorRefusal(async (query) => (await createStore()).list({ chatId: here, ...query }));

    test("any messages are listed as a plain sort lists them", async () => {
      expect.hasAssertions();
      const message = fc.record({ index: fc.nat(20), second: fc.nat(3), isHere: fc.boolean() });
      await fc.assert(
        fc.asyncProperty(fc.array(message, { maxLength: 20 }), async (messages) => {
          const rows = messages.map(({ index, second, isHere }) =>
            messageRow(index, {
              chat_id: isHere ? here : there,
              created_at: `2026-01-02T00:00:0${second}Z`,
            }),
          );
          const store = await withRows(...rows);
          const kept = [...new Map(rows.map((row) => [row.key, row])).values()].sort(
            (a, b) => b.createdAtMs - a.createdAtMs || (a.key < b.key ? 1 : -1),
          );
          for (const chatId of [here, there]) {
            const expected = kept.filter((row) => row.chatId === chatId);
            expect(linesOf(await walk(store, chatId, 3))).toEqual(linesOf(expected));
          }
        }),
        { numRuns: 30 },
      );
    });
  });
}
