import { rmSync } from "node:fs";
import { expect, test } from "vitest";
import { unlockHere } from "./agent-here.ts";
import { initVault, otherPassphrase, passphrase, vaultPlace } from "./vault-place.ts";

test.each([[["unlock"]], [["put", "a"]], [["recover", "--code"]]])(
  "where there is no vault, %j says so and how to set one up",
  async (args) => {
    const result = await vaultPlace().run(args);
    expect(result).toMatchObject({ code: 6, stdout: "" });
    expect(result.stderr).toContain("npx hi vault init");
  },
);

test("who can't be asked is told how to hand secrets over", async () => {
  const place = vaultPlace();
  const init = await place.run(["init", "--key-store", "file"]);
  expect(init).toMatchObject({ code: 2, stdout: "" });
  expect(init.stderr).toContain("--passphrase-fd");
  const args = ["init", "--key-store", "file", "--passphrase-fd", "0"];
  const questions = await place.run(args, { input: passphrase });
  expect(questions).toMatchObject({ code: 2, stdout: "" });
  expect(questions.stderr).toContain("--no-questions");
  await initVault(place);
  expect(await place.run(["unlock"])).toMatchObject({ code: 2, stdout: "" });
  expect(await place.run(["recover"])).toMatchObject({ code: 2, stdout: "" });
});

test.each([
  [["unlock", "--minutes", "7"], "5, 15, 30, 60, 120"],
  [["unlock", "--passphrase-fd", "1"], "file descriptor"],
  [["unlock", "--passphrase-fd", "77"], "no file descriptor 77"],
  [["unlock", "--passphrase-fd", "0"], "ended before the passphrase"],
  [["list", "--kind", "personas"], "secrets, profiles, chats, messages, policies"],
  [["get"], "argument"],
  [["recover", "--code", "--answers"], "not by both"],
])("%j is a wrong command line", async (args, words) => {
  const place = vaultPlace();
  await initVault(place);
  const result = await place.run(args);
  expect(result).toMatchObject({ code: 2, stdout: "" });
  expect(result.stderr).toContain(words);
});

test("what is wrong with a recovery at first sight costs no attempt, and no open session", async () => {
  const place = vaultPlace();
  const code = await initVault(place);
  await unlockHere(place);
  const typed = code.replace(/^./, (first) => (first === "A" ? "B" : "A"));
  const recover = ["recover", "--json", "--lock"];
  const other = "Where did I hide the key as a child?\tunder the mat";
  const runs = [
    place.run([...recover, "--code-fd", "0", "--generate"], { input: typed }),
    place.run([...recover, "--code-fd", "0"], { input: code }),
    place.run([...recover, "--code-fd", "0", "--new-passphrase-fd", "0"], {
      input: `${code}\npassword\n`,
    }),
    place.run([...recover, "--answers-fd", "0", "--generate"], { input: other }),
  ];
  const codes = (await Promise.all(runs)).map(({ stderr }) => {
    return (JSON.parse(stderr) as { error: { code: string } }).error.code;
  });
  expect(codes).toEqual(["mistyped_code", "no_terminal", "weak_passphrase", "usage"]);
  const status = await place.run(["status", "--json"]);
  expect(JSON.parse(status.stdout)).toMatchObject({
    state: "unlocked",
    recovery: { attempts_left: 3 },
  });
});

test("a name or a value that can't be kept is refused with the bounds", async () => {
  const place = vaultPlace();
  await initVault(place);
  await unlockHere(place);
  const long = await place.run(["put", "a".repeat(129)], { input: "value" });
  expect(long).toMatchObject({ code: 1, stdout: "" });
  expect(long.stderr).toContain("128 characters");
  const large = await place.run(["put", "a"], { input: "a".repeat(64 * 1024 + 1) });
  expect(large).toMatchObject({ code: 2, stdout: "" });
  const most = await place.run(["put", "a"], { input: "a".repeat(64 * 1024) });
  expect(most).toMatchObject({ code: 0 });
});

test("a second vault in the same place is refused", async () => {
  const place = vaultPlace();
  await initVault(place);
  const args = ["init", "--key-store", "file", "--no-questions", "--passphrase-fd", "0"];
  const again = await place.run(args, { input: passphrase });
  expect(again).toMatchObject({ code: 1, stdout: "" });
  expect(again.stderr).toContain("There is a vault here already.");
});

test("every command has a help with examples", async () => {
  const place = vaultPlace();
  const { stdout } = await place.run(["--help"]);
  const names = Array.from(stdout.matchAll(/^ {2}([a-z]+) /gm), ([, name = ""]) => name);
  const wanted =
    "init unlock lock status check put get list delete export import passwd recover questions code";
  for (const name of wanted.split(" ")) expect(names).toContain(name);
  expect(names).not.toContain("agent");
  const helps = await Promise.all(
    wanted.split(" ").map(async (name) => place.run([name, "--help"])),
  );
  for (const help of helps) expect(help.stdout).toContain("Examples:\n  $ npx hi vault ");
});

test("a vault from another device is opened only by consent to what is lost, by passphrase and by code", async () => {
  for (const way of ["unlock", "recover"] as const) {
    const place = vaultPlace();
    const code = await initVault(place);
    rmSync(place.keyFolder, { recursive: true });
    const given =
      way === "unlock" ? ["--passphrase-fd", "0"] : ["--code-fd", "0", "--new-passphrase-fd", "3"];
    const args = ["--key-store", "file", way, "--json", ...given];
    const secrets =
      way === "unlock" ? { input: passphrase } : { input: code, descriptors: [otherPassphrase] };
    const refused = await place.run(args, secrets);
    expect(refused.code).toBe(9);
    expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: "auth_unreadable" } });
    expect(refused.stderr).toContain("--accept-new-auth");
    const accepted = await place.run([...args, "--accept-new-auth"], secrets);
    expect(accepted.stderr).not.toContain(passphrase);
    expect(accepted.code).toBe(0);
    expect(accepted.stdout).toContain("questions_void");
  }
});
