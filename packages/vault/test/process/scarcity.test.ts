import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { openVault } from "../../src/vault.ts";
import { startChild } from "../support/child-process.ts";
import { readyVault } from "../support/ready-vault.ts";
import {
  type TempVault,
  otherPassphrase,
  passphrase,
  tempVault,
  utf8,
} from "../support/temp-vault.ts";

const isLinux = process.platform === "linux";
/** Permissions don't bind root, so the process that is to meet them is somebody else's. */
const someoneElse = process.getuid?.() === 0 ? { uid: 65_534 } : {};

async function expectWhole({ platform }: TempVault): Promise<void> {
  const vault = await openVault(platform);
  expect((await vault.unlock({ passphrase: utf8(passphrase) })).notices).toEqual([]);
  expect(await vault.records().secrets.get("token")).toEqual(utf8("kept"));
  await vault.close();
}

test.runIf(isLinux)(
  "with no room left, a write is refused as that, what was kept stays, and the vault still locks",
  async () => {
    const place = await readyVault();
    const through = ["prlimit", "--fsize=600000", "--"];
    const said = await startChild("fill", place, [passphrase], { through }).rest();
    expect(said).toEqual(["disk_full", "true", "60000", "closed"]);
    await expectWhole(place);
  },
);

test.runIf(isLinux)("with no room at all, a set-up is refused and leaves nothing", async () => {
  const place = tempVault();
  const through = ["prlimit", "--fsize=20000", "--"];
  const said = await startChild("setup", place, [passphrase], { through }).rest();
  expect(said).toEqual(["ready", "disk_full"]);
  expect(readdirSync(place.folder).filter((name) => !name.startsWith("lock"))).toEqual([]);
  expect(readdirSync(place.keyFolder)).toEqual([]);
});

test.runIf(isLinux).each(["unlock", "change", "reset"])(
  "with no room left, to %s is refused as that, and nothing has changed",
  async (operation) => {
    const place = await readyVault();
    const code = new TextDecoder().decode(place.code);
    const child = startChild("starved", place, [operation, passphrase, otherPassphrase, code]);
    expect(await child.next()).toBe("ready");
    execFileSync("prlimit", ["--pid", String(child.pid), "--fsize=4096"]);
    child.send("go on");
    expect(await child.rest()).toEqual(["disk_full", "closed"]);
    await expectWhole(place);
    const vault = await openVault(place.platform);
    await vault.recover({ code: place.code });
    await vault.close();
  },
);

test.runIf(isLinux)(
  "a folder that can't be written to is said, and nothing in it changes",
  async () => {
    const place = await readyVault();
    const names = readdirSync(place.folder);
    const before = names.map((name) => readFileSync(join(place.folder, name), "hex"));
    // Readable for the other one, and not writable for anyone.
    chmodSync(dirname(place.folder), 0o755);
    for (const name of names) chmodSync(join(place.folder, name), 0o444);
    chmodSync(place.folder, 0o555);
    const said = await startChild("attempt", place, [passphrase], someoneElse).rest();
    expect(said).toEqual(["read_only"]);
    expect(readdirSync(place.folder)).toEqual(names);
    expect(names.map((name) => readFileSync(join(place.folder, name), "hex"))).toEqual(before);
  },
);

test.runIf(isLinux)("a vault needs no network at all", async () => {
  const place = await readyVault();
  const through = ["unshare", "--map-root-user", "--net", "--"];
  expect(await startChild("attempt", place, [passphrase], { through }).rest()).toEqual([
    "unlocked",
  ]);
});
