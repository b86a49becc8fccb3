import type { PersonalData, PersonalDataChange } from "@hi-stranger/sdk/person-client";
import { beforeEach, expect, it } from "vitest";
import { createPersonalDataEditor } from "../../src/state/personal-data.ts";
import { takeNewestAction, toasts } from "../../src/state/toasts.ts";

const stored: PersonalData = {
  schema_version: "personal_data.v1",
  person_id: "psn_00000000000000000000000000",
  email: "wren@example.org",
  name: null,
  address: null,
  country: null,
  timezone: null,
  payment_ref: null,
  verification_status: "verified",
  created_at: "2026-11-22T00:00:00.000Z",
  last_login_at: null,
};

/** A server that answers when it is told to, as it would by what it has stored then. */
function createServer() {
  let kept = stored;
  const waiting: (() => void)[] = [];
  const changes: PersonalDataChange[] = [];
  return {
    changes,
    changePersonalData(change: PersonalDataChange): Promise<PersonalData> {
      changes.push(change);
      return new Promise((resolve, reject) => {
        waiting.push(() => {
          if (change.name === "refused") return reject(new Error("refused"));
          kept = { ...kept, ...change };
          resolve(kept);
        });
      });
    },
    /** Answers the oldest request that waits. */
    answer(): void {
      waiting.shift()?.();
    },
  };
}

beforeEach(() => {
  toasts.value = [];
});

it("sends of texts that follow each other the first and the last, one after the other", async () => {
  const server = createServer();
  const editor = createPersonalDataEditor(server, stored);
  const first = editor.save("name", "W");
  await editor.save("name", "Wr");
  await editor.save("name", " Wren ");
  expect(server.changes).toEqual([{ name: "W" }]);
  expect(editor.saves.value.name.status).toBe("saving");
  server.answer();
  await Promise.resolve();
  await Promise.resolve();
  expect(server.changes).toEqual([{ name: "W" }, { name: "Wren" }]);
  server.answer();
  await first;
  expect(editor.data.value.name).toBe("Wren");
  expect(editor.saves.value.name.status).toBe("saved");
});

it("saves fields side by side, and an answer touches its own field alone", async () => {
  const server = createServer();
  const editor = createPersonalDataEditor(server, stored);
  const saves = Promise.all([editor.save("name", "Wren"), editor.save("country", "PT")]);
  expect(server.changes).toEqual([{ name: "Wren" }, { country: "PT" }]);
  server.answer();
  server.answer();
  await saves;
  expect(editor.data.value).toEqual({ ...stored, name: "Wren", country: "PT" });
});

it("asks for nothing when nothing changed, and empties a field with null", async () => {
  const server = createServer();
  const editor = createPersonalDataEditor(server, { ...stored, name: "Wren" });
  await editor.save("name", "  Wren ");
  expect(server.changes).toEqual([]);
  const emptied = editor.save("name", "   ");
  server.answer();
  await emptied;
  expect(server.changes).toEqual([{ name: null }]);
  expect(editor.data.value.name).toBeNull();
});

it("takes a save back, and keeps what was stored when one fails", async () => {
  const server = createServer();
  const editor = createPersonalDataEditor(server, { ...stored, name: "Wren" });
  const saved = editor.save("name", "Finch");
  server.answer();
  await saved;
  expect(takeNewestAction()).toBe(true);
  server.answer();
  await Promise.resolve();
  await Promise.resolve();
  expect(editor.data.value.name).toBe("Wren");
  const failed = editor.save("name", "refused");
  server.answer();
  await failed;
  expect(editor.saves.value.name.status).toBe("failed");
  expect(editor.data.value.name).toBe("Wren");
});
