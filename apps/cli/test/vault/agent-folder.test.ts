import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { openAgentFolder } from "../../src/vault/agent-folder.ts";

let root: string;
let vaultFolder: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "hi-folder-"));
  vaultFolder = join(root, "vault");
  vi.stubEnv("XDG_RUNTIME_DIR", join(root, "run"));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(root, { recursive: true, force: true });
  });
});

test("a session is kept and removed; a damaged file is as good as none", async () => {
  const folder = await openAgentFolder(vaultFolder);
  expect(await folder.readSession()).toBeNull();
  const session = { endpoint: folder.endpoint, token: "aa.bb.cc" };
  await folder.writeSession(session);
  expect(await folder.readSession()).toEqual(session);
  for (const text of ["", "{}", '{"version":2,"endpoint":"x","token":"y"}', "[]"]) {
    writeFileSync(join(folder.path, "session"), text);
    expect(await folder.readSession()).toBeNull();
  }
  await folder.removeSession();
  expect(await folder.readSession()).toBeNull();
});

test("a vault has one folder, by whichever path it is reached", async () => {
  mkdirSync(vaultFolder);
  symlinkSync(vaultFolder, join(root, "link"));
  const folder = await openAgentFolder(vaultFolder);
  expect((await openAgentFolder(join(root, "link"))).path).toBe(folder.path);
  expect((await openAgentFolder(join(root, "other"))).path).not.toBe(folder.path);
});

test("without a runtime folder it is in the folder for state", async () => {
  vi.stubEnv("XDG_RUNTIME_DIR", "");
  vi.stubEnv("HI_STATE_DIR", join(root, "state"));
  expect((await openAgentFolder(vaultFolder)).path.startsWith(join(root, "state"))).toBe(true);
});

test.each([
  ["itself", 0o770],
  ["itself, for all", 0o707],
])(
  "a folder that others can get into (%s) is refused, with the command that mends it",
  async (_, mode) => {
    const { path } = await openAgentFolder(vaultFolder);
    chmodSync(path, mode);
    await expect(openAgentFolder(vaultFolder)).rejects.toMatchObject({
      code: "unsafe_folder",
      hint: expect.stringContaining(`chmod 700 ${path}`) as string,
    });
  },
);

test("a folder above it that all can write to is refused, unless it is sticky", async () => {
  await openAgentFolder(vaultFolder);
  chmodSync(join(root, "run"), 0o777);
  await expect(openAgentFolder(vaultFolder)).rejects.toMatchObject({ code: "unsafe_folder" });
  chmodSync(join(root, "run"), 0o1777);
  await openAgentFolder(vaultFolder);
});

test("a link in its place is refused", async () => {
  const { path } = await openAgentFolder(vaultFolder);
  rmSync(path, { recursive: true });
  mkdirSync(join(root, "elsewhere"), { mode: 0o700 });
  symlinkSync(join(root, "elsewhere"), path);
  await expect(openAgentFolder(vaultFolder)).rejects.toMatchObject({ code: "unsafe_folder" });
});

test("a path that no socket's address holds is refused before anything listens there", async () => {
  vi.stubEnv("XDG_RUNTIME_DIR", join(root, "a".repeat(100)));
  await expect(openAgentFolder(vaultFolder)).rejects.toMatchObject({ code: "path_too_long" });
});
