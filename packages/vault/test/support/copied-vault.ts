/** Copies of a vault's files, as an attacker, a backup or a crash would leave them. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { VaultPlatform } from "../../src/ports.ts";
import { type TempVault, platformOf } from "./temp-vault.ts";

/** A copy of the vault with its device key, gone after the test. The vault may be open. */
export function copyVault(
  { folder, keyFolder }: Pick<TempVault, "folder" | "keyFolder">,
  overrides: Partial<VaultPlatform> = {},
): TempVault {
  const root = mkdtempSync(join(tmpdir(), "hi-copy-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const copy = { folder: join(root, "vault"), keyFolder: join(root, "keys") };
  cpSync(folder, copy.folder, { recursive: true });
  cpSync(keyFolder, copy.keyFolder, { recursive: true });
  return { ...copy, ...platformOf(copy.folder, copy.keyFolder, overrides) };
}

/** Puts a file of one copy into the place of another's. */
export function putBack(from: TempVault, to: TempVault, name: string): void {
  cpSync(join(from.folder, name), join(to.folder, name));
}

/** Flips bits of one byte of a file. */
export function flipByte(path: string, index: number, bits = 0x10): void {
  const bytes = readFileSync(path);
  bytes[index] = (bytes[index] ?? 0) ^ bits;
  writeFileSync(path, bytes);
}
