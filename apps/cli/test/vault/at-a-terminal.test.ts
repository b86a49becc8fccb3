import { expect, test } from "vitest";
import { launcher } from "../support/hi.ts";
import { unlockHere } from "./agent-here.ts";
import { hasPseudoTerminal, startAtTerminal } from "./pseudo-terminal.ts";
import { type VaultPlace, initVault, passphrase, vaultPlace } from "./vault-place.ts";

function atTerminal({ env }: VaultPlace, args: string) {
  const { PATH, HOME } = process.env;
  return startAtTerminal(`"${process.execPath}" "${launcher}" vault ${args}`, {
    PATH,
    HOME,
    ...env,
  });
}

/** Reads the code from the screen that it is shown on, and proves that it was kept. */
async function keepCode(person: ReturnType<typeof atTerminal>): Promise<string> {
  const screen = await person.wait("Press Enter when you have it. ");
  const [code = ""] = /([0-9A-Z]{4}-){6}[0-9A-Z]{4}/.exec(screen) ?? [];
  person.type("\r");
  for (let group = 0; group < 2; group++) {
    const asked = await person.wait(" of 7: ");
    const place = Number(/Group (\d)/.exec(asked)?.[1]);
    person.type(`${(code.split("-")[place - 1] ?? "").toLowerCase()}\r`);
  }
  return code;
}

test.runIf(hasPseudoTerminal)(
  "a person sets a vault up: nothing typed is shown, and the code is on a screen of its own",
  async () => {
    const place = vaultPlace();
    const person = atTerminal(place, "init --key-store file");
    await person.wait("New passphrase: ");
    person.type("password\r");
    await person.wait("It has no digit.");
    await person.wait("New passphrase: ");
    person.type(`${passphrase}\r`);
    await person.wait("Type it again: ");
    person.type(`${passphrase}\r`);
    const questions = [
      ["1", "Biscuit"],
      ["2", "Lisbon"],
      ["What did I ride to school in the rain?", "The green bicycle"],
      ["Who taught me to whistle on a leaf?", "Aunt Philippa"],
    ] as const;
    for (const [question, answer] of questions) {
      await person.wait(" of 4, ");
      await person.wait(": ");
      person.type(`${question}\r`);
      await person.wait("Answer: ");
      person.type(`${answer}\r`);
      await person.wait("Again:  ");
      person.type(`${answer}\r`);
    }
    const code = await keepCode(person);
    await person.wait("The vault is set up, and locked.");
    expect(await person.ended()).toBe(0);
    for (const secret of [passphrase, "Biscuit", "Lisbon", "bicycle", "Philippa"]) {
      expect(person.shown()).not.toContain(secret);
    }
    // The code was shown on the second screen alone, which leaves nothing behind.
    const firstScreen = person.shown().replace(/\x1b\[\?1049h[^]*?\x1b\[\?1049l/g, "");
    expect(person.shown()).toContain(code);
    expect(firstScreen).not.toContain(code);
    await unlockHere(place);
  },
);

test.runIf(hasPseudoTerminal)(
  "a person unlocks with one correction, keeps a secret, gets it back on a line, and keeps the session when recovering would end it",
  async () => {
    const place = vaultPlace();
    const code = await initVault(place);
    const unlocking = atTerminal(place, "unlock");
    await unlocking.wait("Passphrase: ");
    unlocking.type(`${passphrase}é\x7f\r`);
    await unlocking.wait("Unlocked until ");
    expect(await unlocking.ended()).toBe(0);
    const putting = atTerminal(place, "put mail");
    await putting.wait("Value of mail: ");
    putting.type("geheim\r");
    expect(await putting.ended()).toBe(0);
    expect(putting.shown()).not.toContain("geheim");
    const getting = atTerminal(place, "get mail");
    await getting.wait("geheim\r\n");
    expect(await getting.ended()).toBe(0);
    const recovering = atTerminal(place, "recover --code");
    await recovering.wait("Recovery code: ");
    recovering.type(`${code}\r`);
    await recovering.wait("Lock it and go on? [y/N] ");
    recovering.type("n\r");
    await recovering.wait("npx hi vault recover --lock");
    expect(await recovering.ended()).toBe(5);
    expect((await place.run(["get", "mail"])).stdout).toBe("geheim");
  },
);

test.runIf(hasPseudoTerminal)("Ctrl-C at a hidden question ends with 130", async () => {
  const place = vaultPlace();
  await initVault(place);
  const person = atTerminal(place, "unlock");
  await person.wait("Passphrase: ");
  person.type("half\x03");
  await person.wait("Interrupted.");
  expect(await person.ended()).toBe(130);
  expect(person.shown()).not.toContain("half");
});
