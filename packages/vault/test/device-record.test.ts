import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { noAttempts } from "../src/auth/attempts.ts";
import { deviceRecordToText, textToDeviceRecord } from "../src/device-record.ts";
import { openVault } from "../src/vault.ts";
import { readyVault } from "./support/ready-vault.ts";
import { type TempVault, otherPassphrase, passphrase, utf8 } from "./support/temp-vault.ts";

function recordPath({ keyFolder }: TempVault): string {
  const [name = ""] = readdirSync(keyFolder).filter((file) => file.endsWith(".record"));
  return join(keyFolder, name);
}

async function noticesOf({ platform }: TempVault): Promise<readonly string[]> {
  const vault = await openVault(platform);
  try {
    return (await vault.unlock({ passphrase: utf8(passphrase) })).notices;
  } finally {
    await vault.close();
  }
}

const attempts = {
  sign_in: noAttempts({ epochId: "boot-1", ms: 5 }),
  recovery: noAttempts({ epochId: "boot-1", ms: 5 }),
};

test.each([
  [7, "5c".repeat(32)],
  [null, null],
])(
  "a record with the counter %s and the seals %s says what was put into it",
  (epoch, vaultSeals) => {
    const record = { epoch, vaultSeals, attempts };
    expect(textToDeviceRecord(deviceRecordToText(record))).toEqual(record);
  },
);

test.each([
  "",
  "null",
  "[]",
  '{"version":1}',
  '{"version":0,"epoch":7,"attempts":{}}',
  deviceRecordToText({ epoch: 7, vaultSeals: null, attempts }).replace("7", "-7"),
  deviceRecordToText({ epoch: 7, vaultSeals: null, attempts }).replace("7", "7.5"),
  deviceRecordToText({ epoch: 7, vaultSeals: null, attempts }).replace("}}", "},"),
  deviceRecordToText({ epoch: 7, vaultSeals: "5C".repeat(32), attempts }),
])("a record that says %j is damaged", (text) => {
  expect(textToDeviceRecord(text)).toBeNull();
});

test("a record of a later version is refused as that, and left as it is", async () => {
  const place = await readyVault();
  const later = '{"version":2,"counter":"7"}';
  writeFileSync(recordPath(place), later);
  const vault = await openVault(place.platform);
  await expect(vault.unlock({ passphrase: utf8(passphrase) })).rejects.toMatchObject({
    code: "newer_version",
    parts: ["device record"],
  });
  await vault.close();
  expect(readFileSync(recordPath(place), "utf8")).toBe(later);
});

test("a failed attempt doesn't hide that the record was gone", async () => {
  const place = await readyVault();
  rmSync(recordPath(place));
  const vault = await openVault(place.platform);
  for (let attempt = 0; attempt < 2; attempt++) {
    await expect(vault.unlock({ passphrase: utf8(otherPassphrase) })).rejects.toMatchObject({
      code: "unlock_failed",
    });
  }
  await vault.close();
  expect(await noticesOf(place)).toEqual(["device_record_lost"]);
  expect(await noticesOf(place)).toEqual([]);
});

test("a record with the highest counter there is destroys nothing, and its loss is said", async () => {
  const place = await readyVault();
  const highest = deviceRecordToText({
    epoch: Number.MAX_SAFE_INTEGER,
    vaultSeals: "0".repeat(64),
    attempts,
  });
  writeFileSync(recordPath(place), highest);
  expect(await noticesOf(place)).toEqual(["device_record_lost"]);
  expect(await noticesOf(place)).toEqual([]);
});

test("a record far ahead that the person accepts leaves a vault that opens again and again", async () => {
  const place = await readyVault();
  writeFileSync(
    recordPath(place),
    deviceRecordToText({ epoch: 2 ** 32, vaultSeals: null, attempts }),
  );
  const vault = await openVault(place.platform);
  const unlocking = vault.unlock({ passphrase: utf8(passphrase), acceptOldCopy: true });
  expect((await unlocking).notices).toEqual(["old_copy_accepted"]);
  await vault.close();
  for (let opening = 0; opening < 2; opening++) expect(await noticesOf(place)).toEqual([]);
});
