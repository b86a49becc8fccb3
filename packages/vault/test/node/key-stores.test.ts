import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { createKeyFileStore, defaultKeyFolder } from "../../src/node/key-file.ts";
import { createKeychainStore } from "../../src/node/keychain.ts";
import { createVault, openVault } from "../../src/vault.ts";
import { readyVault } from "../support/ready-vault.ts";
import { passphrase, platformOf, tempVault, utf8 } from "../support/temp-vault.ts";

const vaultId = "0123456789abcdef".repeat(2);

test("a key in a file derives the same after it is opened again, and another after it is made anew", async () => {
  const { folder, keyFolder } = tempVault();
  const store = createKeyFileStore(keyFolder, folder);
  expect(await store.open(vaultId)).toBeNull();
  const made = await (await store.create(vaultId)).derive(utf8("info"), 32);
  const again = createKeyFileStore(keyFolder, folder);
  expect(await (await again.open(vaultId))?.derive(utf8("info"), 32)).toEqual(made);
  expect(await (await again.open(vaultId))?.derive(utf8("other"), 32)).not.toEqual(made);
  expect(await (await again.create(vaultId)).derive(utf8("info"), 32)).not.toEqual(made);
  await again.remove(vaultId);
  expect(await store.open(vaultId)).toBeNull();
});

test("a record is what was last written", async () => {
  const { folder, keyFolder } = tempVault();
  const store = createKeyFileStore(keyFolder, folder);
  expect(await store.readRecord(vaultId)).toBeNull();
  await store.writeRecord(vaultId, "first");
  await store.writeRecord(vaultId, "second");
  expect(await store.readRecord(vaultId)).toBe("second");
  expect(readdirSync(keyFolder)).toEqual([`${vaultId}.record`]);
});

test("a key file of another length is damaged, and one that can't be read makes the store unreachable", async () => {
  const { folder, keyFolder } = tempVault();
  const store = createKeyFileStore(keyFolder, folder);
  mkdirSync(keyFolder, { recursive: true });
  writeFileSync(join(keyFolder, `${vaultId}.key`), new Uint8Array(31));
  await expect(store.open(vaultId)).rejects.toMatchObject({ code: "damaged" });
  const other = "f".repeat(32);
  mkdirSync(join(keyFolder, `${other}.key`));
  await expect(store.open(other)).rejects.toMatchObject({ code: "key_store_unreachable" });
});

test("an id that is no vault's never becomes a path", async () => {
  const { folder, keyFolder } = tempVault();
  const store = createKeyFileStore(keyFolder, folder);
  for (const id of ["", "../../etc/passwd", vaultId.toUpperCase(), `${vaultId}0`]) {
    await expect(store.open(id)).rejects.toThrow(TypeError);
  }
});

test("keys are refused a place inside the vault's folder, and the folder itself", () => {
  const { folder } = tempVault();
  for (const inside of [folder, join(folder, "keys"), join(folder, "a", "..", "b")]) {
    expect(() => createKeyFileStore(inside, folder)).toThrow(
      expect.objectContaining({ code: "invalid_choice" }),
    );
  }
});

test("keys are kept where the system wants data, below a name of ours", () => {
  expect(defaultKeyFolder({ XDG_DATA_HOME: "/data" })).toBe("/data/hi-stranger/device-keys");
  expect(defaultKeyFolder({ XDG_DATA_HOME: "not/absolute" })).toMatch(
    /\/\.local\/share\/hi-stranger\/device-keys$/,
  );
});

test.runIf(process.platform === "linux")(
  "without a keychain, setting up and unlocking say that it can't be reached, and change nothing",
  async () => {
    vi.stubEnv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
    const deviceKeys = createKeychainStore();
    const place = tempVault({ deviceKeys });
    await expect(
      createVault(place.platform, { passphrase: utf8(passphrase) }),
    ).rejects.toMatchObject({ code: "key_store_unreachable" });
    expect(readdirSync(place.folder).filter((name) => !name.startsWith("lock"))).toEqual([]);

    const { folder, keyFolder } = await readyVault();
    const vault = await openVault(platformOf(folder, keyFolder, { deviceKeys }).platform);
    await expect(vault.unlock({ passphrase: utf8(passphrase) })).rejects.toMatchObject({
      code: "key_store_unreachable",
    });
    expect(await vault.check()).toMatchObject({ deviceKey: "unreachable", keyStore: "keychain" });
    await vault.close();
    vi.unstubAllEnvs();

    const again = await openVault(platformOf(folder, keyFolder).platform);
    expect((await again.unlock({ passphrase: utf8(passphrase) })).notices).toEqual([]);
    await again.close();
  },
);
