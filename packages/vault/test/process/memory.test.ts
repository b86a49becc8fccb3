import { expect, test } from "vitest";
import { readHeaderFile, wholeCopies } from "../../src/header/header-file.ts";
import { slotContext } from "../../src/handle/state.ts";
import { openPassphraseSlot } from "../../src/slots/passphrase-slot.ts";
import { deriveVaultKey } from "../../src/vault-keys.ts";
import { startChild } from "../support/child-process.ts";
import { countInMemory } from "../support/process-memory.ts";
import { otherPassphrase, passphrase, tempVault, utf8 } from "../support/temp-vault.ts";

const isLinux = process.platform === "linux";
const firstAnswer = "Biscuitella";
const secondAnswer = "lisbon by the sea";
const mask = 0x5a;

test.runIf(isLinux)(
  "after a lock, the process's memory holds no passphrase, answer, recovery code or key",
  async () => {
    const place = tempVault();
    const lines = [passphrase, otherPassphrase, firstAnswer, secondAnswer];
    const child = startChild("secrets", place, lines);
    expect(await child.next()).toBe("unlocked");

    const file = await readHeaderFile(place.platform);
    const payload = file && wholeCopies(file)[0]?.payload;
    if (!payload) throw new Error("no header");
    const context = slotContext(place.platform, payload);
    const slot = payload.slots.passphrase;
    const vmk = (await openPassphraseSlot(context, slot, utf8(passphrase)))?.vmk;
    if (!vmk) throw new Error("not opened");
    const { subtle } = crypto;
    const { vaultId } = payload;
    const keys = new Map([
      ["master key", vmk],
      ["page key", await deriveVaultKey(subtle, vmk, vaultId, "hs/vault/page/v1")],
      ["header MAC key", await deriveVaultKey(subtle, vmk, vaultId, "hs/vault/header-mac/v1")],
    ]);
    // While it is open, the master key is there: what is looked for can be found.
    expect(countInMemory(child.pid, keys).get("master key")).toBeGreaterThan(0);

    child.send("lock");
    const code = Buffer.from((await child.next()) ?? "", "hex").map((byte) => byte ^ mask);
    expect(await child.next()).toBe("locked");
    const needles = new Map<string, Uint8Array>([
      ...keys,
      ["passphrase", utf8(passphrase)],
      ["other passphrase", utf8(otherPassphrase)],
      ["passphrase in UTF-16", Buffer.from(passphrase, "utf16le")],
      ["answer", utf8(firstAnswer)],
      ["answer, normalised", utf8(firstAnswer.toLowerCase())],
      ["second answer", utf8(secondAnswer)],
      ["recovery code", code],
    ]);
    const found = [...countInMemory(child.pid, needles)].filter(([, count]) => count > 0);
    expect(found).toEqual([]);
    child.send("end");
    expect(await child.next()).toBeNull();
  },
);
