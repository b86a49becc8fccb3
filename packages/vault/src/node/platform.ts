/** The vault on a desktop or a server: Node 24 and later. */
import { systemClock } from "@hi-stranger/core/clock";
import { platformRandom } from "@hi-stranger/core/codec/ids";
import type { DeviceKeyStore, VaultPlatform } from "../ports.ts";
import { collectGarbage } from "./collect-garbage.ts";
import { argon2id } from "./argon2id.ts";
import { createMonotonicClock } from "./monotonic-clock.ts";
import { scheduler } from "./scheduler.ts";
import { createVaultFiles } from "./vault-files.ts";

// Node sets up WebCrypto and its threads when they are first used: that is now, with the modules, and not
// when somebody waits for the vault to open.
const { subtle } = crypto;
await subtle.digest("SHA-256", new Uint8Array(0));

export interface NodePlatformOptions {
  /** The vault's folder. It comes into being with the vault, readable by its owner alone. */
  readonly folder: string;
  readonly deviceKeys: DeviceKeyStore;
}

/** Everything the vault needs, for the vault in `folder`. */
export function createNodePlatform({ folder, deviceKeys }: NodePlatformOptions): VaultPlatform {
  return {
    clock: systemClock,
    monotonicClock: createMonotonicClock(),
    fillRandom: platformRandom,
    subtle,
    argon2id,
    deviceKeys,
    files: createVaultFiles(folder),
    scheduler,
    collectGarbage,
  };
}
