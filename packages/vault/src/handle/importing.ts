/**
 * Importing a bundle while other operations go on: it is read, opened and checked aside, however
 * long its bytes take to come, and only what is then written takes its turn. A lock ends it.
 */
import type { BundleSecret } from "../bundle/bundle.ts";
import { type AllCounts, writeAll } from "../records/write-all.ts";
import { wipe } from "../secret-bytes.ts";
import type { SerialQueue } from "../serial-queue.ts";
import { type Unlocked, type VaultState, unlockedOf } from "./state.ts";

/**
 * Adds everything of a bundle to the vault that is open now, in the place of records of the same ids.
 *
 * @throws {VaultError} `vault_locked`, also when the vault is locked before the end, and what reading
 *   a bundle throws; then nothing was imported.
 */
export async function importWhileInUse(
  state: VaultState,
  run: SerialQueue,
  bytes: AsyncIterable<Uint8Array>,
  secret: BundleSecret,
): Promise<AllCounts> {
  const { database, reading } = await run(async () => beginImport(state));
  try {
    // Bundles bring every schema along, which would double the time a process takes to start.
    const { readBundle } = await import("../bundle/bundle.ts");
    const rows = await readBundle(state.platform, bytes, secret, reading.signal);
    return await run(async () => writeAll(database, rows)).finally(() =>
      wipe(...rows.secrets.map(({ value }) => value)),
    );
  } finally {
    state.imports.delete(reading);
  }
}

function beginImport(state: VaultState): Pick<Unlocked, "database"> & { reading: AbortController } {
  const { database } = unlockedOf(state);
  const reading = new AbortController();
  state.imports.add(reading);
  return { database, reading };
}
