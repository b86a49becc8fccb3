/** The vault in a real browser, on a page with the product's own policies. */
import { expect, type Page } from "@playwright/test";
import {
  get,
  lock,
  otherPassphrase,
  passphrase,
  put,
  questions,
  recoverByAnswers,
  recoverByCode,
  reset,
  setUp,
  status,
  test,
  unlock,
} from "./support/vault-page.ts";

const texts = [
  "What was the name of your first pet?",
  "What city were you born in?",
  "What did I ride to school in the rain?",
  "Who taught me to whistle on a leaf?",
];
const answersByText = Object.fromEntries(
  texts.map((text, index) => [text, questions[index]?.answer ?? ""]),
);

test.beforeEach(async ({ page, vaultUrl }) => {
  await page.goto(vaultUrl);
});

test("a vault that was set up opens with its passphrase after a reload, and with no other", async ({
  page,
}) => {
  expect(await status(page)).toBe("empty");
  expect(await setUp(page)).toEqual({ value: expect.stringMatching(/^[0-9A-Z-]{30,}$/) });
  expect(await put(page, "note", "kept")).toEqual({ value: undefined });
  await page.reload();
  expect(await status(page)).toBe("locked");
  expect(await get(page, "note")).toMatchObject({ code: "vault_locked" });
  expect(await unlock(page, otherPassphrase)).toMatchObject({ code: "unlock_failed" });
  expect(await unlock(page)).toEqual({ value: [] });
  expect(await status(page)).toBe("unlocked");
  expect(await get(page, "note")).toEqual({ value: "kept" });
});

test("records of every kind are kept, and none of them can be read in the browser's files", async ({
  page,
}) => {
  await setUp(page);
  const kept = await page.evaluate(async () => {
    const { chats, messages, policies } = globalThis.vaultPage.vault.records;
    const line = '{"body":"canary of the plain text"}';
    const chatId = "cht_1";
    await chats.write([
      { key: chatId, line, ownerId: "usr_a", participantIds: ["usr_b"], activeAtMs: 1 },
    ]);
    await messages.write([{ key: "msg_1", line, chatId, createdAtMs: 2 }]);
    await policies.write([{ key: chatId, line, chatId }]);
    const found = await Promise.all([
      chats.list({ participantId: "usr_b", cursor: null, limit: 10 }),
      messages.list({ chatId, cursor: null, limit: 10 }),
      policies.list({ chatId, cursor: null, limit: 10 }),
    ]);
    return found.map(({ items }) => items.map((item) => item.line));
  });
  expect(kept).toEqual(Array.from({ length: 3 }, () => ['{"body":"canary of the plain text"}']));
  const files = await rawFiles(page);
  expect(Object.keys(files).sort()).toEqual(
    expect.arrayContaining(["auth.db", "header", "vault.db"]),
  );
  expect(files["vault.db"]?.length).toBeGreaterThan(8192);
  expect(Object.values(files).join("")).not.toMatch(/canary|CREATE TABLE|first pet/);
});

test("who forgot the passphrase gets in with the recovery code, and sets a new one", async ({
  page,
}) => {
  const made = await setUp(page);
  await put(page, "note", "kept");
  await lock(page);
  const code = "value" in made ? made.value : "";
  const mistyped = code.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
  expect(await recoverByCode(page, mistyped)).toMatchObject({ code: "mistyped_code" });
  expect(await recoverByCode(page, code)).toEqual({ value: 600 });
  expect(await status(page)).toBe("recovering");
  const renewed = await reset(page, otherPassphrase);
  expect(renewed).toEqual({ value: expect.not.stringContaining(code) });
  expect(await unlock(page)).toMatchObject({ code: "unlock_failed" });
  expect(await unlock(page, otherPassphrase)).toEqual({ value: [] });
  expect(await get(page, "note")).toEqual({ value: "kept" });
  await lock(page);
  expect(await recoverByCode(page, code)).toMatchObject({ code: "unlock_failed" });
});

test("who forgot the passphrase gets in with all answers, and not with all but one", async ({
  page,
}) => {
  await setUp(page, true);
  await put(page, "note", "kept");
  await page.reload();
  const [text = ""] = texts;
  expect(await recoverByAnswers(page, { ...answersByText, [text]: "Rex" })).toMatchObject({
    code: "unlock_failed",
  });
  const careless = Object.fromEntries(
    Object.entries(answersByText).map(([text, answer]) => [text, `  ${answer.toUpperCase()} `]),
  );
  expect(await recoverByAnswers(page, careless)).toEqual({ value: 600 });
  expect(await reset(page, otherPassphrase)).toHaveProperty("value");
  expect(await unlock(page, otherPassphrase)).toEqual({ value: [] });
  expect(await get(page, "note")).toEqual({ value: "kept" });
});

test("a bundle takes everything to another browser, for whoever knows its passphrase", async ({
  page,
  browser,
  vaultUrl,
}) => {
  await setUp(page);
  await put(page, "note", "kept");
  const bundle = await page.evaluate(async () => {
    const blob = await globalThis.vaultPage.vault.exportBundle();
    return Array.from(new Uint8Array(await blob.arrayBuffer()));
  });
  expect(String.fromCharCode(...bundle.slice(0, 100_000))).not.toContain("kept");
  const elsewhere = await browser.newContext();
  const other = await elsewhere.newPage();
  await other.goto(vaultUrl);
  await setUp(other);
  const importWith = (text: string) =>
    other.evaluate(
      async ({ bundle, text }) => {
        const { vault, outcome } = globalThis.vaultPage;
        const blob = new Blob([new Uint8Array(bundle)]);
        const call = vault.importBundle(blob, { passphrase: new TextEncoder().encode(text) });
        return outcome(call.then(({ secrets }) => secrets));
      },
      { bundle, text },
    );
  expect(await importWith(otherPassphrase)).toMatchObject({ code: "unlock_failed" });
  expect(await get(other, "note")).toEqual({ value: null });
  expect(await importWith(passphrase)).toEqual({ value: 1 });
  expect(await get(other, "note")).toEqual({ value: "kept" });
  await elsewhere.close();
});

test("the page's own copies of secrets are zeros once they are handed in", async ({ page }) => {
  const left = await page.evaluate(async (passphrase) => {
    const bytes = new TextEncoder().encode(passphrase);
    const { recoveryCode } = await globalThis.vaultPage.vault.setup({ passphrase: bytes });
    return { bytes: [...bytes], codeLength: recoveryCode?.length };
  }, passphrase);
  expect(left.bytes.every((byte) => byte === 0)).toBe(true);
  expect(left.codeLength).toBeGreaterThan(25);
});

/** The files of the vault, byte for byte, by their names. */
function rawFiles(page: Page): Promise<Record<string, string>> {
  return page.evaluate(async () => {
    let folder = await navigator.storage.getDirectory();
    for (const name of ["hi-stranger", "vault"]) folder = await folder.getDirectoryHandle(name);
    const files: Record<string, string> = {};
    for await (const [name, handle] of folder.entries()) {
      if (!(handle instanceof FileSystemFileHandle)) continue;
      const bytes = await (await handle.getFile()).arrayBuffer();
      files[name] = new TextDecoder("latin1").decode(bytes);
    }
    return files;
  });
}
