/** The vault in a browser: inside a dedicated worker, with nothing but this origin's own storage. */
import { systemClock } from "@hi-stranger/core/clock";
import { platformRandom } from "@hi-stranger/core/codec/ids";
import type { VaultPlatform } from "../ports.ts";
import { loadArgon2id } from "./argon2id.ts";
import { argon2idUrls } from "./argon2id-urls.ts";
import { createDeviceKeyStore } from "./device-keys.ts";
import { createMonotonicClock } from "./monotonic-clock.ts";
import { createPrivateFolder } from "./private-folder.ts";
import { scheduler } from "./scheduler.ts";
import { loadSqlite } from "./sqlite/module.ts";
import { installFileVfs } from "./sqlite/vfs.ts";
import { createVaultFiles } from "./vault-files.ts";

/** The folder of the private file system that holds the vault, which is one for each origin. */
const folderPath = ["hi-stranger", "vault"];

/** The Web Lock of whoever has the vault. */
export const vaultLockName = "hi-stranger-vault";

/** Loads all that the vault needs, so that a network that goes away later does no harm. Once in a worker. */
export async function loadWebPlatform(): Promise<VaultPlatform> {
  const [sqlite, argon2id] = await Promise.all([loadSqlite(), loadArgon2id(argon2idUrls)]);
  const { subtle } = crypto;
  return {
    clock: systemClock,
    monotonicClock: createMonotonicClock(platformRandom),
    fillRandom: platformRandom,
    subtle,
    argon2id,
    deviceKeys: createDeviceKeyStore({ subtle }),
    files: createVaultFiles({
      folder: createPrivateFolder({ path: folderPath }),
      sqlite,
      vfs: installFileVfs({ sqlite, clock: systemClock, fillRandom: platformRandom }),
      locks: navigator.locks,
      lockName: vaultLockName,
    }),
    scheduler,
  };
}
