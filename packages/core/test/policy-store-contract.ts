/** What every `PolicyStore` does, as tests; see record-store-contract.ts for how to use them. */
import { describe, expect, test } from "vitest";
import { type PolicyStore, policyKey } from "../src/store/policy-store.ts";
import { describeRecordStore } from "./record-store-contract.ts";
import { linesOf, walkPages } from "./record-store-walk.ts";
import { idAt, policyRow, profileAt } from "./record-rows.ts";

export function describePolicyStore(
  name: string,
  createStore: () => Promise<PolicyStore> | PolicyStore,
): void {
  const walk = (store: PolicyStore, chatId: string, limit: number) =>
    walkPages((query) => store.list({ chatId, ...query }), limit);

  describeRecordStore(name, createStore, (index, text = "nudge") =>
    policyRow(Math.floor(index / 3), index % 3 === 0 ? null : index, { last_action: text }),
  );

  describe(`${name} as a PolicyStore`, () => {
    test("keeps apart the state of a whole chat and those of its personas", async () => {
      const store = await createStore();
      const [whole, one, two] = [policyRow(1), policyRow(1, 7), policyRow(1, 8)];
      await store.write([two, whole, one]);
      const chatId = idAt("cht", 1);
      expect((await store.get(policyKey(chatId)))?.line).toBe(whole.line);
      expect((await store.get(policyKey(chatId, profileAt(7))))?.line).toBe(one.line);
      expect(await store.get(policyKey(chatId, profileAt(9)))).toBeNull();
      await store.delete(policyKey(chatId));
      expect(await store.get(policyKey(chatId))).toBeNull();
      expect((await store.get(policyKey(chatId, profileAt(8))))?.line).toBe(two.line);
    });

    test("lists the states of a chat alone, the whole chat's first, at every size of page", async () => {
      const store = await createStore();
      const rows = [policyRow(1), policyRow(1, 1), policyRow(1, 2), policyRow(1, 3)];
      await store.write([policyRow(0), policyRow(0, 9), ...rows.toReversed(), policyRow(2)]);
      for (let limit = 1; limit <= 5; limit++) {
        expect(linesOf(await walk(store, idAt("cht", 1), limit))).toEqual(linesOf(rows));
      }
      expect(await walk(store, idAt("cht", 3), 10)).toEqual([]);
      expect(await walk(store, "", 10)).toEqual([]);
    });

    test("clearing a chat removes its states and no other, and answers how many", async () => {
      const store = await createStore();
      await store.write([policyRow(0), policyRow(1), policyRow(1, 1), policyRow(2, 1)]);
      expect(await store.clear(idAt("cht", 1))).toBe(2);
      expect(await walk(store, idAt("cht", 1), 10)).toEqual([]);
      expect(await store.count()).toBe(2);
      expect(await store.clear(idAt("cht", 1))).toBe(0);
      expect(await store.clear("")).toBe(0);
      expect(await store.count()).toBe(2);
    });
  });
}
