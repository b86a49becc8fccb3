import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type Vault, createVault, openVault } from "../src/vault.ts";
import { copyVault } from "./support/copied-vault.ts";
import { type TempVault, otherPassphrase, tempVault, utf8 } from "./support/temp-vault.ts";

/** Every version that was ever released; a fixture is never written again. */
const versions = ["vault-v1"];

interface Secrets {
  readonly passphrase: string;
  readonly answers: readonly string[];
  readonly code: string;
}

const texts = [
  "What was the name of your first pet?",
  "What city were you born in?",
  "What did I ride to school in the rain?",
  "Who taught me to whistle on a leaf?",
];

function fixture(version: string): { place: TempVault; secrets: Secrets; bundle: Uint8Array } {
  const root = fileURLToPath(new URL(`fixtures/${version}/`, import.meta.url));
  const secrets: Secrets = JSON.parse(readFileSync(join(root, "secrets.json"), "utf8"));
  const place = copyVault({ folder: join(root, "vault"), keyFolder: join(root, "keys") });
  return { place, secrets, bundle: readFileSync(join(root, "bundle")) };
}

async function expectRecords(vault: Vault): Promise<void> {
  const { profiles, chats, policies, messages, secrets } = vault.records();
  expect(await profiles.get("usr_fixture1")).not.toBeNull();
  for (const store of [chats, policies, messages]) expect(await store.count()).toBe(1);
  expect(await secrets.get("token")).toEqual(utf8("kept since then"));
}

describe.each(versions)("a vault of %s", (version) => {
  test("opens with its passphrase and has what was kept", async () => {
    const { place, secrets } = fixture(version);
    const vault = await openVault(place.platform);
    expect((await vault.unlock({ passphrase: utf8(secrets.passphrase) })).notices).toEqual([]);
    await expectRecords(vault);
    await vault.close();
  });

  test("is recovered by its code", async () => {
    const { place, secrets } = fixture(version);
    const vault = await openVault(place.platform);
    await vault.recover({ code: utf8(secrets.code) });
    await vault.reset({ passphrase: utf8(otherPassphrase) });
    await vault.unlock({ passphrase: utf8(otherPassphrase) });
    await expectRecords(vault);
    await vault.close();
  });

  test("is recovered by its answers", async () => {
    const { place, secrets } = fixture(version);
    const vault = await openVault(place.platform);
    const questions = await vault.getQuestions();
    const answers = questions.map(({ id, text }) => ({
      questionId: id,
      answer: utf8(secrets.answers[texts.indexOf(text)] ?? ""),
    }));
    await vault.recover({ answers });
    await vault.reset({ passphrase: utf8(otherPassphrase) });
    await vault.unlock({ passphrase: utf8(otherPassphrase) });
    await expectRecords(vault);
    await vault.close();
  });

  test("has a bundle that is imported", async () => {
    const { bundle, secrets } = fixture(version);
    const { vault } = await createVault(tempVault().platform, {
      passphrase: utf8(otherPassphrase),
    });
    async function* once(): AsyncGenerator<Uint8Array, void> {
      yield bundle;
    }
    await vault.importBundle(once(), { passphrase: utf8(secrets.passphrase) });
    await expectRecords(vault);
    await vault.close();
  });
});
