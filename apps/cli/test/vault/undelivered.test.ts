import { spawnSync } from "node:child_process";
import { closeSync, constants, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { HiOptions, HiResult } from "../support/hi.ts";
import { unlockHere } from "./agent-here.ts";
import {
  type VaultPlace,
  initVault,
  otherPassphrase,
  passphrase,
  vaultPlace,
} from "./vault-place.ts";

/** Runs `hi vault` with its stdout in a pipe whose reader has gone. */
async function runUnread(
  place: VaultPlace,
  args: readonly string[],
  options: HiOptions = {},
): Promise<HiResult> {
  const path = join(place.root, "unread");
  if (!existsSync(path)) spawnSync("mkfifo", [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stdoutFd = openSync(path, "w");
  closeSync(reader);
  return place.run(args, { ...options, stdoutFd }).finally(() => closeSync(stdoutFd));
}

async function runOnFullDisk(
  place: VaultPlace,
  args: readonly string[],
  options: HiOptions,
): Promise<HiResult> {
  const stdoutFd = openSync("/dev/full", "w");
  return place.run(args, { ...options, stdoutFd }).finally(() => closeSync(stdoutFd));
}

const byCode = ["recover", "--code-fd", "0"];

test("a passphrase that was made up and reached nobody was not set, by recovery nor by change", async () => {
  const place = vaultPlace();
  const code = await initVault(place);
  const recovered = await runUnread(place, [...byCode, "--generate"], { input: code });
  expect(recovered.code).toBe(1);
  expect(recovered.stderr).toContain("couldn't be printed, so it was not set");
  await unlockHere(place);
  const passwd = ["passwd", "--passphrase-fd", "0", "--generate", "--json"];
  const changes = [
    await runUnread(place, passwd, { input: passphrase }),
    ...(existsSync("/dev/full") ? [await runOnFullDisk(place, passwd, { input: passphrase })] : []),
  ];
  for (const changed of changes) {
    expect(changed.code).toBe(1);
    expect(JSON.parse(changed.stderr)).toMatchObject({ error: { code: "secret_undelivered" } });
  }
  const failed = await place.run(passwd, { input: otherPassphrase });
  expect(failed.code).toBe(4);
  expect(failed.stderr).toContain("the printed passphrase counts only if");
  // The agent, too, takes the old passphrase still, and the old code recovers.
  const again = ["passwd", "--passphrase-fd", "0", "--new-passphrase-fd", "0"];
  const both = { input: `${passphrase}\n${otherPassphrase}\n` };
  expect(await place.run(again, both)).toMatchObject({ code: 0 });
  const recover = [...byCode, "--lock", "--new-passphrase-fd", "3"];
  const options = { input: code, descriptors: [passphrase] };
  expect(await place.run(recover, options)).toMatchObject({ code: 0 });
});

test("a vault is not set up with a passphrase that reached nobody", async () => {
  const place = vaultPlace();
  const args = ["init", "--key-store", "file", "--no-questions", "--generate", "--json"];
  const { code, stderr } = await runUnread(place, args);
  expect(code).toBe(1);
  expect(JSON.parse(stderr)).toMatchObject({ error: { code: "secret_undelivered" } });
  expect(existsSync(join(place.folder, "header"))).toBe(false);
});

test("a recovery code that reached nobody is said, with what counts and the way to another", async () => {
  const place = vaultPlace();
  const init = ["init", "--key-store", "file", "--no-questions", "--passphrase-fd", "0", "--json"];
  const made = await runUnread(place, init, { input: passphrase });
  expect(made.code).toBe(1);
  expect(made.stderr).toContain("The vault is set up, and its passphrase opens it.");
  expect(made.stderr).toContain("npx hi vault code");
  await unlockHere(place);

  const renew = ["code", "--passphrase-fd", "0"];
  const renewed = await runUnread(place, renew, { input: passphrase });
  expect(renewed.code).toBe(1);
  expect(renewed.stderr).toContain(
    "the old one is void. But the recovery code couldn't be printed",
  );
  const { stdout } = await place.run(renew, { input: passphrase });
  const code = /^Recovery code: (\S+)\n$/.exec(stdout)?.[1] ?? "";

  const args = [...byCode, "--lock", "--new-passphrase-fd", "3"];
  const recovered = await runUnread(place, args, { input: code, descriptors: [otherPassphrase] });
  expect(recovered.code).toBe(1);
  expect(recovered.stderr).toContain("The new passphrase is set.");
  expect(recovered.stderr).toContain("npx hi vault code");
  await unlockHere(place, otherPassphrase);
});
