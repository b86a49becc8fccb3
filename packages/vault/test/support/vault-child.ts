/**
 * A process of its own with a vault, for tests that kill it, starve it or look into its memory.
 *
 *     vault-child.ts MODE FOLDER KEYFOLDER
 *
 * Secrets come through standard input, one a line, and are wiped; what it has to say goes out line
 * by line.
 */
import { readSync, writeSync } from "node:fs";
import { createKeyFileStore } from "../../src/node/key-file.ts";
import { createNodePlatform } from "../../src/node/platform.ts";
import type { VaultFiles } from "../../src/ports.ts";
import { VaultError } from "../../src/vault-error.ts";
import { createVault, openVault } from "../../src/vault.ts";

const [mode = "", folder = "", keyFolder = ""] = process.argv.slice(2);
const newline = 10;
const mask = 0x5a;

const platform = createNodePlatform({
  folder,
  deviceKeys: createKeyFileStore(keyFolder, folder),
});

/** The next line of standard input, in memory of its own. */
function readLine(): Uint8Array<ArrayBuffer> {
  const line = new Uint8Array(new ArrayBuffer(4096));
  let length = 0;
  while (readSync(0, line, length, 1, null) === 1 && line[length] !== newline) length++;
  const exact = new Uint8Array(new ArrayBuffer(length));
  exact.set(line.subarray(0, length));
  line.fill(0);
  return exact;
}

function say(text: string): void {
  writeSync(1, `${text}\n`);
}

const modes: Record<string, () => Promise<void>> = {
  /** Keeps one small secret after another, and says so of each. */
  async writes() {
    const vault = await openVault(platform);
    await vault.unlock({ passphrase: readLine() });
    for (let count = 0; ; count++) {
      await vault.records().secrets.put(`secret ${count}`, Uint8Array.of(count & 0xff));
      say(String(count));
    }
  },

  /** Changes the passphrase to the other one and back, and says so each time. */
  async changes() {
    const vault = await openVault(platform);
    const passphrases = [readLine(), readLine()];
    await vault.unlock({ passphrase: passphrases[0] ?? new Uint8Array() });
    for (let count = 0; ; count++) {
      const current = passphrases[count % 2] ?? new Uint8Array();
      await vault.changePassphrase({ current, next: passphrases[(count + 1) % 2] ?? current });
      say(String(count + 1));
    }
  },

  /** Recovers with the code, which each time gives the next, and says the new one. */
  async recoveries() {
    const vault = await openVault(platform);
    const passphrase = readLine();
    let code = readLine();
    for (;;) {
      await vault.recover({ code });
      code = (await vault.reset({ passphrase })).recoveryCode;
      say(new TextDecoder().decode(code));
    }
  },

  /** Sets a vault up. */
  async setup() {
    const passphrase = readLine();
    say("ready");
    const { vault } = await createVault(platform, { passphrase });
    await vault.close();
    say("done");
  },

  /** Sets a vault up, and before each step says which it is and waits for a line. */
  async setupInSteps() {
    const passphrase = readLine();
    const step = (name: string): void => {
      say(name);
      readLine();
    };
    const { files } = platform;
    const stepping: VaultFiles = {
      ...files,
      openDatabase: async (name, key) => {
        step(`${name}.db`);
        return files.openDatabase(name, key);
      },
      writeHeader: async (offset, bytes) => {
        step("header");
        return files.writeHeader(offset, bytes);
      },
    };
    await createVault({ ...platform, files: stepping }, { passphrase });
    step("done");
  },

  /** Gets ready for an operation, waits for a line, and says what came of it. */
  async starved() {
    const operation = new TextDecoder().decode(readLine());
    const [passphrase, next, code] = [readLine(), readLine(), readLine()];
    const vault = await openVault(platform);
    if (operation === "change") await vault.unlock({ passphrase });
    if (operation === "reset") await vault.recover({ code });
    say("ready");
    readLine();
    try {
      if (operation === "unlock") await vault.unlock({ passphrase });
      if (operation === "change") await vault.changePassphrase({ current: passphrase, next });
      if (operation === "reset") await vault.reset({ passphrase: next });
      say("done");
    } catch (error) {
      say(error instanceof VaultError ? error.code : String(error));
    }
    await vault.close();
    say("closed");
  },

  /** Tries once to unlock, and says what came of it. */
  async attempt() {
    const vault = await openVault(platform);
    const passphrase = readLine();
    await vault.unlock({ passphrase });
    say("unlocked");
    await vault.close();
  },

  /** Keeps large secrets until there is no room, and then looks whether all are there. */
  async fill() {
    const vault = await openVault(platform);
    await vault.unlock({ passphrase: readLine() });
    const { secrets } = vault.records();
    let count = 0;
    try {
      for (; count < 10_000; count++) {
        await secrets.put(`large ${count}`, new Uint8Array(60_000).fill(count & 0xff));
      }
    } catch (error) {
      say(error instanceof VaultError ? error.code : String(error));
    }
    const found = (await secrets.list()).filter(({ name }) => name.startsWith("large"));
    say(String(found.length === count));
    say(String((await secrets.get(`large ${count - 1}`))?.length ?? 0));
    await vault.close();
    say("closed");
  },

  /** Uses every kind of secret, locks, wipes, and waits to be looked into. */
  async secrets() {
    const passphrase = readLine();
    const next = readLine();
    const answers = [readLine(), readLine()];
    const { vault, recoveryCode } = await createVault(platform, {
      passphrase,
      questions: {
        questions: answers.map((answer, index) => ({ predefinedId: index + 1, answer })),
      },
    });
    await vault.changePassphrase({ current: passphrase, next });
    await vault.lock();
    await vault.recover({ code: recoveryCode ?? new Uint8Array() });
    await vault.reset({ passphrase });
    await vault.unlock({ passphrase });
    const choice = {
      questions: answers.map((answer, index) => ({ predefinedId: index + 1, answer })),
    };
    await vault.setQuestions({ passphrase, choice });
    await vault.lock();
    const questions = await vault.getQuestions();
    await vault.recover({
      answers: questions.map(({ id, text }) => ({
        questionId: id,
        answer: answers[text.includes("pet") ? 0 : 1] ?? new Uint8Array(),
      })),
    });
    const { recoveryCode: code } = await vault.reset({ passphrase });
    await vault.unlock({ passphrase });
    say("unlocked");
    readLine();
    await vault.lock();
    // Masked, so that what is looked for isn't found in what is said.
    say(Buffer.from(code.map((byte) => byte ^ mask)).toString("hex"));
    for (const secret of [passphrase, next, ...answers, recoveryCode, code]) secret?.fill(0);
    say("locked");
    readLine();
    await vault.close();
  },
};

try {
  await modes[mode]?.();
} catch (error) {
  say(error instanceof VaultError ? error.code : String(error));
}
