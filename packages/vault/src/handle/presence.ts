/**
 * Telling a vault from a place where there is none.
 *
 * The header is what makes a vault, and it is written last. So databases without one are either what
 * a set-up that was cut short left behind, which its mark tells, or somebody's data whose header is
 * gone, which nothing here may remove.
 */
import { knownIdentity } from "../header/header-readings.ts";
import { type HeaderFile, readHeaderFile } from "../header/header-file.ts";
import type { VaultPlatform } from "../ports.ts";
import { VaultError } from "../vault-error.ts";
import { vaultNameOf } from "./state.ts";

/**
 * The header as it was read, or null where there is no vault.
 *
 * @throws {VaultError} `damaged` when the databases of a vault are there and its header isn't.
 */
export async function findVault(
  platform: Pick<VaultPlatform, "files" | "subtle">,
): Promise<HeaderFile | null> {
  const { files } = platform;
  const file = await readHeaderFile(platform);
  if (file && !isBeginning(file)) return file;
  if (await files.hasSetUpMark()) return null;
  if (file) return file;
  if ((await files.hasDatabase("auth")) || (await files.hasDatabase("vault"))) {
    throw new VaultError("damaged", { parts: ["header"] });
  }
  return null;
}

/** As key stores know the vault, or null where no part of a header tells. */
export async function findVaultName(
  platform: Pick<VaultPlatform, "files" | "subtle">,
): Promise<string | null> {
  const file = await readHeaderFile(platform);
  const identity = file && knownIdentity(file);
  return identity && vaultNameOf(identity);
}

/** Whether nothing of the header can be read, as when its first writing was cut short. */
function isBeginning({ copies, identity }: HeaderFile): boolean {
  return identity === null && copies.every(({ kind }) => kind === "damaged");
}
