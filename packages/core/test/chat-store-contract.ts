/** What every `ChatStore` does, as tests; see record-store-contract.ts for how to use them. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ChatQuery, ChatRow, ChatStore } from "../src/store/chat-store.ts";
import { describeRecordStore, testCursorRefusal } from "./record-store-contract.ts";
import { keysOf, linesOf, walkPages } from "./record-store-walk.ts";
import { chatRow, profileAt } from "./record-rows.ts";

type Filter = Omit<ChatQuery, "cursor" | "limit">;

export function describeChatStore(
  name: string,
  createStore: () => Promise<ChatStore> | ChatStore,
): void {
  const withRows = async (...rows: readonly ChatRow[]): Promise<ChatStore> => {
    const store = await createStore();
    await store.write(rows);
    return store;
  };
  const walk = (store: ChatStore, filter: Filter = {}, limit = 100) =>
    walkPages((query) => store.list({ ...filter, ...query }), limit);

  describeRecordStore(name, createStore, (index, goal = "Talk") => chatRow(index, { goal }));

  describe(`${name} as a ChatStore`, () => {
    test("lists the chats by their latest activity, whatever zone it is told in", async () => {
      const rows = [
        chatRow(1, { last_active_at: "2026-01-01T10:00:00.000+02:00" }),
        chatRow(2, { last_active_at: "2026-01-01T09:00:00.000Z" }),
        chatRow(3, { created_at: "2026-01-01T08:30:00.5Z" }),
        chatRow(4, { last_active_at: "0000-01-01T00:00:00Z" }),
        chatRow(5, { last_active_at: "9999-12-31t23:59:59.999-23:59" }),
      ];
      const store = await withRows(...rows);
      const expected = [5, 2, 3, 1, 4].map((index) => chatRow(index).key);
      for (let limit = 1; limit <= 6; limit++) {
        expect(keysOf(await walk(store, {}, limit))).toEqual(expected);
      }
    });

    test("orders chats of the same millisecond by descending id, across pages", async () => {
      const store = await withRows(...[3, 1, 4, 2].map((index) => chatRow(index)));
      const expected = [4, 3, 2, 1].map((index) => chatRow(index).key);
      for (let limit = 1; limit <= 5; limit++) {
        expect(keysOf(await walk(store, {}, limit))).toEqual(expected);
      }
    });

    test("lists the chats of an owner, of a participant, and of both together", async () => {
      const [ada, ben, cleo] = [profileAt(1), profileAt(2), profileAt(3)];
      const rows = [
        chatRow(1, { owner_id: ada, participant_ids: [ada, ben] }),
        chatRow(2, { owner_id: ben, participant_ids: [ada, ben, cleo] }),
        chatRow(3, { owner_id: cleo, participant_ids: [ben] }),
        chatRow(4, { owner_id: ada, participant_ids: [cleo] }),
      ];
      const store = await withRows(...rows);
      const listed = async (filter: Filter) => {
        const keys = keysOf(await walk(store, filter, 1));
        return rows.flatMap(({ key }, index) => (keys.includes(key) ? [index + 1] : []));
      };
      expect(await listed({ ownerId: ada })).toEqual([1, 4]);
      expect(await listed({ participantId: ada })).toEqual([1, 2]);
      expect(await listed({ participantId: ben })).toEqual([1, 2, 3]);
      expect(await listed({ ownerId: ada, participantId: cleo })).toEqual([4]);
      expect(await listed({ ownerId: cleo, participantId: cleo })).toEqual([]);
      expect(await listed({ ownerId: profileAt(9) })).toEqual([]);
      expect(await listed({ participantId: "' OR 1=1 --" })).toEqual([]);
    });

    test("a change moves a chat in the list, to another owner and to other participants", async () => {
      const store = await withRows(chatRow(1), chatRow(2), chatRow(3));
      const [dora, emil] = [profileAt(4), profileAt(5)];
      const moved = chatRow(1, {
        owner_id: dora,
        participant_ids: [dora, emil],
        last_active_at: "2026-06-01T00:00:00.000Z",
      });
      await store.write([moved]);
      expect(linesOf(await walk(store))[0]).toBe(moved.line);
      expect(keysOf(await walk(store, { ownerId: profileAt(0) }))).toEqual([
        chatRow(3).key,
        chatRow(2).key,
      ]);
      expect(await walk(store, { participantId: profileAt(1) })).toHaveLength(2);
      expect(linesOf(await walk(store, { participantId: emil }))).toEqual([moved.line]);
      await store.delete(moved.key);
      for (const filter of [{}, { ownerId: dora }, { participantId: emil }]) {
        expect(keysOf(await walk(store, filter))).not.toContain(moved.key);
      }
    });

    test("goes on from a cursor whose chat is gone or was active again", async () => {
      const at = (day: number) => ({ last_active_at: `2026-01-0${day}T00:00:00.000Z` });
      const store = await withRows(...[1, 2, 3, 4, 5].map((day) => chatRow(day, at(day))));
      const page = await store.list({ cursor: null, limit: 3 });
      expect(keysOf(page.items)).toEqual([5, 4, 3].map((index) => chatRow(index).key));
      await store.delete(chatRow(3).key);
      await store.write([chatRow(2, at(9))]);
      const later = await store.list({ cursor: page.nextCursor, limit: 3 });
      expect(keysOf(later.items)).toEqual([chatRow(1).key]);
    });

    testCursorRefusal(async (query) => (await createStore()).list(query));

    test("any chats are listed as a plain sort lists them", async () => {
      expect.hasAssertions();
      const chat = fc.record({
        index: fc.nat(20),
        day: fc.integer({ min: 1, max: 4 }),
        owner: fc.nat(2),
        others: fc.uniqueArray(fc.nat(3), { minLength: 1 }),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(chat, { maxLength: 15 }), async (chats) => {
          const rows = chats.map(({ index, day, owner, others }) =>
            chatRow(index, {
              owner_id: profileAt(owner),
              participant_ids: others.map(profileAt),
              last_active_at: `2026-01-0${day}T00:00:00Z`,
            }),
          );
          const store = await withRows(...rows);
          const kept = [...new Map(rows.map((row) => [row.key, row])).values()].sort(
            (a, b) => b.activeAtMs - a.activeAtMs || (a.key < b.key ? 1 : -1),
          );
          const [first, second] = [profileAt(0), profileAt(1)];
          const mine = kept.filter(({ ownerId }) => ownerId === first);
          const ours = kept.filter(({ participantIds }) => participantIds.includes(second));
          const both = mine.filter((row) => ours.includes(row));
          expect(linesOf(await walk(store, {}, 4))).toEqual(linesOf(kept));
          expect(linesOf(await walk(store, { ownerId: first }, 2))).toEqual(linesOf(mine));
          expect(linesOf(await walk(store, { participantId: second }, 2))).toEqual(linesOf(ours));
          const asked = { ownerId: first, participantId: second };
          expect(linesOf(await walk(store, asked, 2))).toEqual(linesOf(both));
        }),
        { numRuns: 30 },
      );
    });
  });
}
