import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readFileSeals } from "../../src/node/read-seals.ts";
import { createVaultFiles } from "../../src/node/vault-files.ts";

function fileOf(bytes: Uint8Array): { folder: string; path: string } {
  const folder = mkdtempSync(join(tmpdir(), "hi-seals-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "vault.db");
  writeFileSync(path, bytes);
  return { folder, path };
}

test.each([0, 1, 255, 256, 257, 600])(
  "the seals of %i pages are the last 32 bytes of each, whatever a file has after them",
  async (pageCount) => {
    const bytes = new Uint8Array(pageCount * 4096 + 100);
    const expected = new Uint8Array(pageCount * 32);
    for (let at = 0; at < expected.length; at++) {
      const [page, place] = [Math.floor(at / 32), at % 32];
      expected[at] = (page * 7 + place) % 251;
      bytes[page * 4096 + 4064 + place] = expected[at] ?? 0;
    }
    expect(readFileSeals(fileOf(bytes).path, bytes.length)).toEqual(expected);
    expect(readFileSeals(fileOf(bytes).path, bytes.length - 1)).toBeNull();
  },
);

test("a database shows its length and its first 16 bytes, or as many as it has", async () => {
  const bytes = Uint8Array.from({ length: 40 }, (_, index) => index + 1);
  const files = createVaultFiles(fileOf(bytes).folder);
  expect(await files.readOutside("vault")).toEqual({ byteLength: 40, start: bytes.slice(0, 16) });
  expect(await files.readOutside("auth")).toBeNull();
  const short = createVaultFiles(fileOf(bytes.slice(0, 3)).folder);
  expect(await short.readOutside("vault")).toEqual({ byteLength: 3, start: bytes.slice(0, 3) });
});

test("a database that isn't there, or has a journal, has no seals", async () => {
  const { folder } = fileOf(new Uint8Array(4096));
  const files = createVaultFiles(folder);
  expect(await files.readSeals("auth", 8192)).toBeNull();
  expect(await files.readSeals("vault", 8192)).toHaveLength(32);
  writeFileSync(join(folder, "vault.db-journal"), "");
  expect(await files.readSeals("vault", 8192)).toBeNull();
});
