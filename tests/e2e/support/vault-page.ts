/** Working the page with the vault, as tests do. Text goes in as the bytes that a form would hand over. */
import type { Page } from "@playwright/test";
import type { Outcome, VaultPage } from "../vault-page/page.ts";
import { test as base } from "./app.ts";
import { startVaultSite, type VaultSite } from "./vault-site.ts";

declare global {
  // The page puts it there.
  var vaultPage: VaultPage;
}

export const passphrase = "Wandering-Lantern-42";
export const otherPassphrase = "Quiet-Harbour-Stone-7";

export const questions = [
  { predefinedId: 1, answer: "Biscuit" },
  { predefinedId: 2, answer: "Lisbon" },
  { customText: "What did I ride to school in the rain?", answer: "The green bicycle" },
  { customText: "Who taught me to whistle on a leaf?", answer: "Aunt Philippa" },
];

/** Tests of the page, which is built and served once for each of Playwright's processes. */
export const test = base.extend<{ readonly vaultUrl: string }, { readonly vaultSite: VaultSite }>({
  vaultSite: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads which fixtures are used from the pattern.
    async ({}, use) => {
      const site = await startVaultSite();
      await use(site);
      await site.close();
    },
    { scope: "worker" },
  ],
  vaultUrl: async ({ vaultSite }, use) => use(vaultSite.url),
});

/** Sets a vault up; answers the recovery code, or the error's code. */
export function setUp(page: Page, withQuestions = false): Promise<Outcome<string>> {
  return page.evaluate(
    async ({ passphrase, questions }) => {
      const bytes = (text: string) => new TextEncoder().encode(text);
      const chosen = questions?.map((question) => ({
        ...question,
        answer: bytes(question.answer),
      }));
      const { vault, outcome } = globalThis.vaultPage;
      const call = vault.setup({
        passphrase: bytes(passphrase),
        ...(chosen && { questions: { questions: chosen } }),
      });
      return outcome(
        call.then(({ recoveryCode }) => new TextDecoder().decode(recoveryCode ?? undefined)),
      );
    },
    { passphrase, questions: withQuestions ? questions : null },
  );
}

/** Unlocks with `text`; answers the notices, or the error's code. */
export function unlock(page: Page, text = passphrase): Promise<Outcome<readonly string[]>> {
  return page.evaluate(async (passphrase) => {
    const { vault, outcome } = globalThis.vaultPage;
    const call = vault.unlock({ passphrase: new TextEncoder().encode(passphrase) });
    return outcome(call.then(({ notices }) => notices));
  }, text);
}

export function lock(page: Page): Promise<Outcome<void>> {
  return page.evaluate(() => globalThis.vaultPage.outcome(globalThis.vaultPage.vault.lock()));
}

export function status(page: Page): Promise<string> {
  return page.evaluate(() => globalThis.vaultPage.vault.status());
}

/** Recovers by `code`; answers the seconds there are to reset, or the error's code. */
export function recoverByCode(page: Page, code: string): Promise<Outcome<number>> {
  return page.evaluate(async (code) => {
    const { vault, outcome } = globalThis.vaultPage;
    const call = vault.recover({ code: new TextEncoder().encode(code) });
    return outcome(call.then(({ expiresInSeconds }) => expiresInSeconds));
  }, code);
}

/** Asks for the questions and answers each by its text. */
export function recoverByAnswers(
  page: Page,
  answersByText: Readonly<Record<string, string>>,
): Promise<Outcome<number>> {
  return page.evaluate(async (answersByText) => {
    const { vault, outcome } = globalThis.vaultPage;
    const asked = await vault.getQuestions();
    const answers = asked.map(({ id, text }) => ({
      questionId: id,
      answer: new TextEncoder().encode(answersByText[text] ?? ""),
    }));
    return outcome(vault.recover({ answers }).then(({ expiresInSeconds }) => expiresInSeconds));
  }, answersByText);
}

/** Sets a new passphrase after a recovery; answers the new recovery code, or the error's code. */
export function reset(page: Page, newPassphrase: string): Promise<Outcome<string>> {
  return page.evaluate(async (text) => {
    const { vault, outcome } = globalThis.vaultPage;
    const call = vault.reset({ passphrase: new TextEncoder().encode(text) });
    return outcome(call.then(({ recoveryCode }) => new TextDecoder().decode(recoveryCode)));
  }, newPassphrase);
}

/** Keeps a secret. */
export function put(page: Page, name: string, value: string): Promise<Outcome<void>> {
  return page.evaluate(
    async ({ name, value }) => {
      const { vault, outcome } = globalThis.vaultPage;
      return outcome(vault.records.secrets.put(name, new TextEncoder().encode(value)));
    },
    { name, value },
  );
}

/** A kept secret, null when there is none, or the error's code. */
export function get(page: Page, name: string): Promise<Outcome<string | null>> {
  return page.evaluate(async (name) => {
    const { vault, outcome } = globalThis.vaultPage;
    const call = vault.records.secrets.get(name);
    return outcome(call.then((value) => value && new TextDecoder().decode(value)));
  }, name);
}
