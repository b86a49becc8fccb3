/** How much work a passphrase is worth on this machine. */
import type { VaultPlatform } from "../ports.ts";
import { randomBytes } from "../secret-bytes.ts";
import { deriveArgon2, saltByteLength } from "./argon2-parameters.ts";
import { type Argon2Cost, passphraseCost } from "./passphrase-slot.ts";

/** A derivation may take this long, so that unlocking stays below a tenth of a second. */
const budgetMs = 60;
const maxPasses = 3;

/** Measures one pass over random bytes, and answers as many passes as fit into the budget, 1 to 3. */
export async function calibratePassphraseCost({
  argon2id,
  fillRandom,
  monotonicClock,
}: Pick<VaultPlatform, "argon2id" | "fillRandom" | "monotonicClock">): Promise<Argon2Cost> {
  const salt = randomBytes(fillRandom, saltByteLength);
  const startMs = monotonicClock.nowMs();
  await deriveArgon2(argon2id, salt, { ...passphraseCost, salt });
  const passMs = Math.max(1, monotonicClock.nowMs() - startMs);
  const passes = Math.min(maxPasses, Math.max(1, Math.floor(budgetMs / passMs)));
  return { ...passphraseCost, passes };
}
