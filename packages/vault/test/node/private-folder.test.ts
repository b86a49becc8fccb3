import {
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { replaceFile } from "../../src/node/durable-file.ts";
import { createKeyFileStore } from "../../src/node/key-file.ts";
import { openVault } from "../../src/vault.ts";
import { readyVault } from "../support/ready-vault.ts";
import { tempVault } from "../support/temp-vault.ts";

const vaultId = "0123456789abcdef".repeat(2);
const modeOf = (path: string): number => statSync(path).mode & 0o777;
const isRoot = process.getuid?.() === 0;

test("a vault's folder and files that others could open are closed to them", async () => {
  const place = await readyVault();
  chmodSync(place.folder, 0o755);
  for (const name of ["header", "auth.db", "vault.db"]) chmodSync(join(place.folder, name), 0o664);
  await (await openVault(place.platform)).close();
  const paths = ["", "header", "auth.db", "vault.db"].map((name) => join(place.folder, name));
  expect(paths.map(modeOf)).toEqual([0o700, 0o600, 0o600, 0o600]);
});

test("a folder that holds something else isn't closed, but refused", async () => {
  const place = tempVault();
  mkdirSync(place.folder);
  chmodSync(place.folder, 0o755);
  writeFileSync(join(place.folder, "letter.txt"), "mine");
  await expect(openVault(place.platform)).rejects.toMatchObject({ code: "invalid_choice" });
  expect(modeOf(place.folder)).toBe(0o755);
  chmodSync(place.folder, 0o700);
  await (await openVault(place.platform)).close();
});

test.each(["header", "auth.db", "vault.db", "lock"])(
  "a link in the place of %s is refused, and what it leads to stays as it is",
  async (name) => {
    const place = tempVault();
    const target = join(dirname(place.folder), "letter.txt");
    writeFileSync(target, "mine");
    mkdirSync(place.folder);
    symlinkSync(target, join(place.folder, name));
    await expect(openVault(place.platform)).rejects.toMatchObject({ code: "invalid_choice" });
    expect(readFileSync(target, "utf8")).toBe("mine");
  },
);

test("a folder of device keys that others could open is closed before a key is in it", async () => {
  const { folder, keyFolder } = tempVault();
  mkdirSync(keyFolder);
  chmodSync(keyFolder, 0o777);
  await createKeyFileStore(keyFolder, folder).create(vaultId);
  expect(modeOf(keyFolder)).toBe(0o700);
  expect(modeOf(join(keyFolder, `${vaultId}.key`))).toBe(0o600);
});

test("a device key that others could read is closed when it is next used", async () => {
  const { folder, keyFolder } = tempVault();
  const store = createKeyFileStore(keyFolder, folder);
  await store.create(vaultId);
  chmodSync(join(keyFolder, `${vaultId}.key`), 0o644);
  await store.writeRecord(vaultId, "{}");
  expect(modeOf(join(keyFolder, `${vaultId}.key`))).toBe(0o600);
});

test("a link in the place of a file that is being written is not written through", async () => {
  const { folder, keyFolder } = tempVault();
  const store = createKeyFileStore(keyFolder, folder);
  await store.writeRecord(vaultId, "first");
  const target = join(dirname(keyFolder), "letter.txt");
  writeFileSync(target, "mine");
  // In a folder that is another's to write, the link would come after the look at the files.
  const path = join(keyFolder, `${vaultId}.record`);
  symlinkSync(target, `${path}.new`);
  replaceFile(path, new TextEncoder().encode("second"));
  expect(readFileSync(target, "utf8")).toBe("mine");
  expect(await store.readRecord(vaultId)).toBe("second");
});

test.runIf(isRoot)("a folder or a file that belongs to somebody else is refused", async () => {
  const place = await readyVault();
  chownSync(join(place.folder, "vault.db"), 65_534, 65_534);
  await expect(openVault(place.platform)).rejects.toMatchObject({ code: "invalid_choice" });
  chownSync(join(place.folder, "vault.db"), 0, 0);
  chownSync(place.folder, 65_534, 65_534);
  await expect(openVault(place.platform)).rejects.toMatchObject({ code: "invalid_choice" });
});
