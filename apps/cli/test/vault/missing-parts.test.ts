import { readdirSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  type VaultPlace,
  initVault,
  otherPassphrase,
  passphrase,
  vaultPlace,
} from "./vault-place.ts";

/** The parts that the check finds wanting, with what it says of each. */
async function checkedParts(place: VaultPlace): Promise<Record<string, string>> {
  const check = await place.run(["check", "--json"]);
  expect(check.code).toBe(9);
  const { parts } = JSON.parse(check.stdout) as {
    parts: { part: string; isWhole: boolean; text: string }[];
  };
  const wanting = parts.filter(({ isWhole }) => !isWhole);
  return Object.fromEntries(wanting.map(({ part, text }) => [part, text]));
}

test("a vault whose header is gone is damaged to every command, and the check shows its parts", async () => {
  const place = vaultPlace();
  const code = await initVault(place);
  rmSync(join(place.folder, "header"));
  const runs = [
    place.run(["status", "--json"]),
    place.run(["init", "--json", "--generate", "--no-questions", "--key-store", "file"]),
    place.run(["unlock", "--json", "--passphrase-fd", "0"], { input: passphrase }),
    place.run(["recover", "--json", "--code-fd", "0", "--generate"], { input: code }),
    place.run(["list", "--json"]),
  ];
  for (const { code: exitCode, stdout, stderr } of await Promise.all(runs)) {
    expect({ exitCode, stdout }).toEqual({ exitCode: 9, stdout: "" });
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: "damaged", parts: ["header"] } });
  }
  expect(await checkedParts(place)).toEqual({
    header: "missing",
    "device key": "unknown, as the header is damaged",
  });
});

test("a key file that was cut short is a damaged key, in its file, and its failures still count", async () => {
  const place = vaultPlace();
  await initVault(place);
  const unlock = ["unlock", "--json", "--passphrase-fd", "0"];
  expect(await place.run(unlock, { input: otherPassphrase })).toMatchObject({ code: 4 });
  const [key = ""] = readdirSync(place.keyFolder).filter((name) => name.endsWith(".key"));
  truncateSync(join(place.keyFolder, key), 31);
  const keyText = `damaged, in a file in ${place.keyFolder}`;
  expect(await checkedParts(place)).toEqual({ "device key": keyText });
  const status = await place.run(["status", "--json"]);
  expect(JSON.parse(status.stdout)).toMatchObject({
    key_store: "file",
    device_key: "damaged",
    sign_in: { attempts_left: 4 },
  });
  const refused = await place.run(unlock, { input: passphrase });
  expect(refused).toMatchObject({ code: 9, stdout: "" });
  expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: "auth_unreadable" } });
  rmSync(join(place.keyFolder, key));
  expect(await checkedParts(place)).toEqual({
    "device key": `none in a file in ${place.keyFolder}`,
  });
});
