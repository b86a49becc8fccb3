import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generatePersonaLines } from "@hi-stranger/sdk/demo/personas";
import { expect, test } from "vitest";
import { parseLines } from "../support/hi.ts";
import { unlockHere } from "./agent-here.ts";
import {
  answerLines,
  givenAnswerLines,
  initVault,
  otherPassphrase,
  passphrase,
  unlockVault,
  vaultPlace,
} from "./vault-place.ts";

const codePattern = /^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/;

test("the whole way: set up, unlock, keep, lock, forget, recover by the code, and find it all", async () => {
  const place = vaultPlace();
  const code = await initVault(place);
  expect(code).toMatch(codePattern);
  await unlockVault(place);
  const secret = new Uint8Array([0, 255, 10, 13, 65]);
  expect(await place.run(["put", "key", "--json"], { input: secret })).toMatchObject({
    code: 0,
    stdout: '{"name":"key","byte_length":5}\n',
    stderr: "",
  });
  const got = await place.run(["get", "key", "--json"]);
  expect(JSON.parse(got.stdout)).toMatchObject({ value_base64: "AP8KDUE=" });
  expect(await place.run(["lock"])).toMatchObject({ code: 0, stdout: "" });
  expect(await place.run(["get", "key"])).toMatchObject({ code: 7, stdout: "" });

  const args = ["recover", "--json", "--code-fd", "0", "--new-passphrase-fd", "3"];
  const recovered = await place.run(args, { input: code, descriptors: [otherPassphrase] });
  const told = JSON.parse(recovered.stdout) as { recovery_code: string; notices: string[] };
  expect(told.recovery_code).toMatch(codePattern);
  expect(told.recovery_code).not.toBe(code);
  expect(told.notices).toEqual(["questions_void"]);

  const old = await place.run(["unlock", "--passphrase-fd", "0"], { input: passphrase });
  expect(old).toMatchObject({ code: 4, stdout: "" });
  await unlockVault(place, otherPassphrase);
  expect((await place.run(["list"])).stdout).toMatch(/^NAME +SIZE\nkey +5 B\n$/);
});

test("the answers, in any order and manner of writing, set a new passphrase, and end the session by consent", async () => {
  const place = vaultPlace();
  await initVault(place);
  await unlockHere(place);
  const args = ["recover", "--json", "--answers-fd", "3", "--generate", "characters"];
  const kept = await place.run(args, { descriptors: [givenAnswerLines] });
  expect(kept).toMatchObject({ code: 5, stdout: "" });
  expect(JSON.parse(kept.stderr)).toMatchObject({ error: { code: "vault_unlocked" } });
  expect(await place.run(["list"])).toMatchObject({ code: 0 });
  const recovered = await place.run([...args, "--lock"], { descriptors: [givenAnswerLines] });
  const told = JSON.parse(recovered.stdout) as { passphrase: string; notices: string[] };
  expect(told.notices).toEqual([]);
  expect(await place.run(["list"])).toMatchObject({ code: 7 });
  await unlockHere(place, told.passphrase);
});

test("one wrong answer opens nothing, and isn't told apart", async () => {
  const place = vaultPlace();
  await initVault(place);
  const args = ["recover", "--answers-fd", "3", "--new-passphrase-fd", "0"];
  const wrong = [
    givenAnswerLines.replace("lisbon", "porto"),
    givenAnswerLines.replace("biscuit", "rex"),
  ];
  const messages: string[] = [];
  for (const lines of wrong) {
    const result = await place.run(args, { input: otherPassphrase, descriptors: [lines] });
    expect(result).toMatchObject({ code: 4, stdout: "" });
    messages.push(result.stderr);
  }
  expect(new Set(messages).size).toBe(1);
  expect(messages[0]).toContain("That didn't open the vault.");
  await unlockHere(place);
});

test("passphrase, code and questions are changed by whoever knows the passphrase", async () => {
  const place = vaultPlace();
  const firstCode = await initVault(place);
  await unlockHere(place);
  const both = `${passphrase}\n${otherPassphrase}\n`;
  const passwd = ["passwd", "--passphrase-fd", "0", "--new-passphrase-fd", "0"];
  expect(await place.run(passwd, { input: both })).toMatchObject({ code: 0, stdout: "" });
  expect(await place.run(passwd, { input: both })).toMatchObject({ code: 4, stdout: "" });

  const renewed = await place.run(["code", "--json", "--passphrase-fd", "0"], {
    input: otherPassphrase,
  });
  const { recovery_code: secondCode } = JSON.parse(renewed.stdout) as { recovery_code: string };
  const questions = ["questions", "--json", "--passphrase-fd", "0"];
  const three = answerLines.split("\n").slice(0, 3).join("\n");
  const set = await place.run([...questions, "--answers-fd", "3", "--answers-needed", "2"], {
    input: otherPassphrase,
    descriptors: [three],
  });
  expect(JSON.parse(set.stdout)).toMatchObject({ question_count: 3 });
  const none = await place.run([...questions, "--none"], { input: otherPassphrase });
  expect(JSON.parse(none.stdout)).toMatchObject({ question_count: 0 });

  await place.run(["lock"]);
  const recover = ["recover", "--json", "--code-fd", "0", "--generate"];
  expect(await place.run(recover, { input: firstCode })).toMatchObject({ code: 4, stdout: "" });
  expect(await place.run(recover, { input: secondCode })).toMatchObject({ code: 0 });
});

test("records are checked, kept, listed, printed and deleted, of each kind", async () => {
  const place = vaultPlace();
  await initVault(place);
  await unlockHere(place);
  const lines = [...generatePersonaLines({ count: 40, seed: 3 })];
  const file = join(place.root, "personas.ndjson");
  writeFileSync(file, `${lines.join("\n")}\n{"schema_version":"user_profile.v1"}\nno JSON\n`);
  const put = await place.run(["put", "--kind", "profiles", file, "--json"]);
  expect(put.code).toBe(3);
  expect(JSON.parse(put.stdout)).toMatchObject({
    inserted: 40,
    updated: 0,
    unchanged: 0,
    refused: [{ line_no: 41 }, { line_no: 42, errors: [{ error_code: "json_parse_error" }] }],
  });
  const listed = await place.run(["list", "--kind", "profiles", "--all", "--json"]);
  expect(listed.stdout).toBe(`${lines.join("\n")}\n`);
  const [first] = parseLines(lines[0] ?? "");
  const id = String(first?.["profile_id"]);
  const get = ["get", "--kind", "profiles", id, "--json"];
  expect((await place.run(get)).stdout).toBe(`${lines[0]}\n`);
  expect(await place.run(["delete", "--kind", "profiles", id])).toMatchObject({ code: 0 });
  expect(await place.run(get)).toMatchObject({ code: 6, stdout: "" });
  const few = await place.run(["list", "--kind", "profiles", "--limit", "35"]);
  expect(few.stdout.trimEnd().split("\n")).toHaveLength(36);
  expect(few.stderr).toContain("For more");
});

test("messages are listed by their chat, the newest first", async () => {
  const place = vaultPlace();
  await initVault(place);
  await unlockHere(place);
  const message = (chat: string, index: number) =>
    JSON.stringify({
      schema_version: "message.v1",
      message_id: `msg_01fr9e4000tvjzp6hqeye1q00${index}`,
      chat_id: `cht_01fr9e4000tvjzp6hqeye1qcs${chat}`,
      sender_id: "usr_01fr9e4000tvjzp6hqeye1qcsa",
      body: `message ${index}`,
      enc: "none",
      created_at: `2026-01-01T00:00:0${index}.000Z`,
    });
  const all = [message("a", 1), message("b", 2), message("a", 3)];
  const put = await place.run(["put", "--kind", "messages", "-"], { input: all.join("\n") });
  expect(put).toMatchObject({ code: 0 });
  const chat = ["--chat", "cht_01fr9e4000tvjzp6hqeye1qcsa"];
  const listed = await place.run(["list", "--kind", "messages", "--json", ...chat]);
  expect(listed.stdout).toBe(`${all[2]}\n${all[0]}\n`);
  expect(await place.run(["list", "--kind", "chats", ...chat])).toMatchObject({ code: 2 });
});

test("a bundle holds everything, and opens in another vault by the passphrase or the code", async () => {
  const place = vaultPlace();
  const code = await initVault(place);
  await unlockHere(place);
  await place.run(["put", "key"], { input: "planted canary" });
  const persona = [...generatePersonaLines({ count: 1, seed: 4 })].join("");
  await place.run(["put", "--kind", "profiles", "-"], { input: persona });
  const file = join(place.root, "vault.bundle");
  expect(await place.run(["export", file])).toMatchObject({ code: 0, stdout: "" });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file).includes("planted canary")).toBe(false);

  const other = vaultPlace();
  const init = ["init", "--key-store", "file", "--no-questions", "--passphrase-fd", "0"];
  await other.run(init, { input: otherPassphrase });
  await unlockHere(other, otherPassphrase);
  const bytes = readFileSync(file);
  const damaged = join(other.root, "damaged");
  writeFileSync(
    damaged,
    bytes.map((byte, index) => (index === bytes.length - 1 ? byte ^ 1 : byte)),
  );
  const byPassphrase = ["import", "--json", "--passphrase-fd", "0"];
  expect(await other.run([...byPassphrase, damaged], { input: passphrase })).toMatchObject({
    code: 9,
    stdout: "",
  });
  expect(await other.run([...byPassphrase, file], { input: otherPassphrase })).toMatchObject({
    code: 4,
  });
  expect((await other.run(["list"])).stdout).toBe("");
  const imported = await other.run([...byPassphrase, file], { input: passphrase });
  expect(JSON.parse(imported.stdout)).toMatchObject({ secrets: 1, profiles: { inserted: 1 } });
  const again = await other.run(["import", "--code-fd", "0", file], { input: code });
  expect(again).toMatchObject({ code: 0 });
  expect((await other.run(["get", "key"])).stdout).toBe("planted canary");
});

test("five failures lock out; the error, the status and the exit code say for how long", async () => {
  const place = vaultPlace();
  await initVault(place);
  const unlock = ["unlock", "--json", "--passphrase-fd", "0"];
  for (let failure = 1; failure < 5; failure++) {
    await expect(unlockHere(place, otherPassphrase)).rejects.toMatchObject({ exitCode: 4 });
  }
  const status = async () =>
    JSON.parse((await place.run(["status", "--json"])).stdout) as Record<string, unknown>;
  expect(await status()).toMatchObject({ sign_in: { attempts_left: 1, retry_after_seconds: 0 } });
  const failed = await place.run(unlock, { input: otherPassphrase });
  expect(failed).toMatchObject({ code: 4, stdout: "" });
  const fifth = JSON.parse(failed.stderr) as { error: Record<string, unknown> };
  expect(fifth.error).toMatchObject({ code: "unlock_failed", retry_after_seconds: 300 });
  const right = await place.run(["unlock", "--passphrase-fd", "0"], { input: passphrase });
  expect(right).toMatchObject({ code: 8, stdout: "" });
  expect(right.stderr).toMatch(
    /Too many attempts have failed\. The next one counts from .*\d\d:\d\d, in (5 min 00|4 min \d\d) s/,
  );
  expect(await status()).toMatchObject({
    state: "locked",
    sign_in: { attempts_left: 0 },
    recovery: { attempts_left: 3, retry_after_seconds: 0 },
  });
});

test("status and check say how things stand, without any secret", async () => {
  const place = vaultPlace();
  const empty = await place.run(["status", "--json"]);
  expect(JSON.parse(empty.stdout)).toMatchObject({ state: "empty", agent: null });
  expect(await place.run(["check"])).toMatchObject({ code: 6 });
  await initVault(place);
  await unlockHere(place);
  const status = await place.run(["status", "--json"]);
  expect(JSON.parse(status.stdout)).toMatchObject({
    vault: place.folder,
    state: "unlocked",
    agent: { pid: process.pid, expires_at: expect.stringMatching(/^\d{4}-.*Z$/) as string },
    key_store: "file",
    device_key: "present",
    has_recovery_code: true,
    question_count: 4,
    is_whole: true,
  });
  expect((await place.run(["status"])).stdout).toContain(place.keyFolder);
  expect(await place.run(["check"])).toMatchObject({ code: 0 });

  const header = join(place.folder, "header");
  const bytes = readFileSync(header);
  bytes[100] = (bytes[100] ?? 0) ^ 1;
  writeFileSync(header, bytes);
  const check = await place.run(["check", "--json"]);
  expect(check.code).toBe(9);
  const { parts } = JSON.parse(check.stdout) as { parts: { part: string; isWhole: boolean }[] };
  expect(parts.filter(({ isWhole }) => !isWhole).map(({ part }) => part)).toEqual([
    "header, copy 1",
  ]);
});

test("without a keychain, a vault is set up only when a key file was asked for", async () => {
  const place = vaultPlace();
  // No bus leads to a keychain in this environment.
  const env = { DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent" };
  const args = ["init", "--no-questions", "--passphrase-fd", "0"];
  const refused = await place.run(args, { input: passphrase, env });
  expect(refused).toMatchObject({ code: 5, stdout: "" });
  expect(refused.stderr).toContain("--key-store file");
  expect(refused.stderr).toContain(place.keyFolder);
  expect(existsSync(join(place.folder, "header"))).toBe(false);
  const made = await place.run([...args, "--key-store", "file"], { input: passphrase, env });
  expect(made).toMatchObject({ code: 0 });
  // From then on it is found.
  await unlockHere(place);
});

test("a passphrase that is too weak is refused with all reasons, and nothing is left", async () => {
  const place = vaultPlace();
  const args = ["init", "--key-store", "file", "--no-questions", "--json", "--passphrase-fd", "0"];
  const result = await place.run(args, { input: "password" });
  expect(result).toMatchObject({ code: 1, stdout: "" });
  const { error } = JSON.parse(result.stderr) as { error: { code: string; reasons: string[] } };
  expect(error.code).toBe("weak_passphrase");
  expect(error.reasons).toEqual(["too_short", "no_upper_case", "no_digit", "too_common"]);
  expect(existsSync(join(place.folder, "header"))).toBe(false);
});

test("a generated passphrase is printed once and opens the vault", async () => {
  const place = vaultPlace();
  const args = ["init", "--key-store", "file", "--no-questions", "--no-recovery-code"];
  const { stdout, stderr } = await place.run([...args, "--generate"]);
  const [, made = ""] = /^Passphrase: (\S+)\n$/.exec(stdout) ?? [];
  expect(stderr).not.toContain(made);
  expect(stderr).toContain("no other way in");
  await unlockHere(place, made);
});
