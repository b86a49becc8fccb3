/** `hi vault status`: how things stand, without any secret. */
import { systemClock } from "@hi-stranger/core/clock";
import { type CopyCheck, type VaultCheck, checkVault } from "@hi-stranger/vault/check";
import { VaultError, isVaultError } from "@hi-stranger/vault/vault-error";
import type { LockOut } from "@hi-stranger/vault/vault";
import { callUnlocked, isLocked } from "./agent-process.ts";
import { formatEnd, formatWait } from "./times.ts";
import { type VaultContext, withVaultHere } from "./vault-context.ts";
import type { VaultPlace } from "./vault-place.ts";

/** Who has the vault, and what may be tried on it. */
interface Holding {
  readonly state: "empty" | "locked" | "unlocked" | "in_use";
  readonly agent: { readonly pid: number; readonly expiresAt: string } | null;
  /** Null when nobody can tell now. */
  readonly lockOut: LockOut | null;
}

export async function showStatus(context: VaultContext): Promise<void> {
  const { output, place } = context;
  const check = await checkVault(await place.openPlatform());
  const holding = await findHolding(context);
  if (output.isJson) await output.json(toJson(place, check, holding));
  else await output.line(describe(place, check, holding).join("\n"));
  if (holding.state === "empty") output.note("\nSet one up: npx hi vault init");
  if (holding.state === "locked") output.note("\nOpen it: npx hi vault unlock");
}

const noVault: Holding = { state: "empty", agent: null, lockOut: null };

/** @throws {VaultError} `damaged` where a vault's header is gone and no agent holds it. */
async function findHolding(context: VaultContext): Promise<Holding> {
  const { place, signal } = context;
  try {
    const { result } = await callUnlocked(place, { method: "status", params: {}, signal });
    const { lockOut, ...agent } = result;
    return { state: "unlocked", agent, lockOut };
  } catch (error) {
    if (isVaultError(error, "no_vault")) return noVault;
    if (!isLocked(error)) throw error;
  }
  try {
    const lockOut = await withVaultHere(context, async (vault) => vault.lockOut());
    return { state: "locked", agent: null, lockOut };
  } catch (error) {
    if (isVaultError(error, "vault_in_use")) return { state: "in_use", agent: null, lockOut: null };
    // What keeps the attempts from being read is told by the check beside.
    if (error instanceof VaultError) return { state: "locked", agent: null, lockOut: null };
    throw error;
  }
}

function describe(place: VaultPlace, check: VaultCheck, holding: Holding): string[] {
  const rows: [string, string][] = [["Vault", place.folder]];
  const nowMs = systemClock.now();
  const { state, agent, lockOut } = holding;
  if (state === "empty") return toRows([...rows, ["State", "there is no vault here"]]);
  if (agent) {
    rows.push(["State", `unlocked until ${formatEnd(agent.expiresAt, nowMs)}`]);
    rows.push(["Held by", `its agent, process ${agent.pid}`]);
  } else rows.push(["State", state === "in_use" ? "held by another process" : "locked"]);
  rows.push(["Device key", describeDeviceKey(place, check)]);
  const ways = waysIn(check);
  rows.push(["Ways in", ["passphrase", ...ways].join(", ")]);
  if (lockOut) {
    const { signInAttemptsLeft, signInRetryAfterSeconds } = lockOut;
    rows.push(["Sign-in", describeAttempts(signInAttemptsLeft, signInRetryAfterSeconds, nowMs)]);
    const { recoveryAttemptsLeft, recoveryRetryAfterSeconds } = lockOut;
    rows.push([
      "Recovery",
      describeAttempts(recoveryAttemptsLeft, recoveryRetryAfterSeconds, nowMs),
    ]);
  }
  if (!check.isWhole) rows.push(["Damage", "something is missing or damaged: npx hi vault check"]);
  return toRows(rows);
}

function describeAttempts(left: number, retryAfterSeconds: number, nowMs: number): string {
  if (retryAfterSeconds > 0) return `locked until ${formatWait(retryAfterSeconds, nowMs)}`;
  return left === 1 ? "1 attempt left before a wait" : `${left} attempts left before a wait`;
}

export function describeDeviceKey(
  { keyFolder }: VaultPlace,
  { keyStore, deviceKey }: VaultCheck,
): string {
  const where = keyStore === "file" ? `in a file in ${keyFolder}` : "in the system's keychain";
  switch (deviceKey) {
    case "present":
      return where;
    case "absent":
      return `none ${where}`;
    case "damaged":
      return `damaged, ${where}`;
    case "unreachable":
      return `${where}, which can't be reached`;
    case "unknown":
      return `unknown, as the header is damaged`;
  }
}

/** The other ways in that the newest whole copy of the header has. */
function waysIn({ header }: VaultCheck): string[] {
  const newest = newestCopy(header?.copies ?? []);
  if (!newest) return [];
  const { hasRecoveryCode, questionCount } = newest;
  return [
    ...(hasRecoveryCode ? ["recovery code"] : []),
    ...(questionCount > 0 ? [`${questionCount} questions`] : []),
  ];
}

type WholeCopy = Extract<CopyCheck, { state: "whole" }>;

function newestCopy(copies: readonly CopyCheck[]): WholeCopy | null {
  const whole = copies.flatMap((copy) => (copy.state === "whole" ? [copy] : []));
  return whole.toSorted((left, right) => right.generation - left.generation)[0] ?? null;
}

function toRows(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, text]) => `${label.padEnd(width)}  ${text}`);
}

function toJson(place: VaultPlace, check: VaultCheck, { state, agent, lockOut }: Holding) {
  const newest = newestCopy(check.header?.copies ?? []);
  return {
    vault: place.folder,
    state,
    agent: agent && { pid: agent.pid, expires_at: agent.expiresAt },
    key_store: check.keyStore,
    device_key: check.deviceKey,
    has_recovery_code: newest?.hasRecoveryCode ?? false,
    question_count: newest?.questionCount ?? 0,
    is_whole: check.isWhole,
    sign_in: lockOut && {
      attempts_left: lockOut.signInAttemptsLeft,
      retry_after_seconds: lockOut.signInRetryAfterSeconds,
    },
    recovery: lockOut && {
      attempts_left: lockOut.recoveryAttemptsLeft,
      retry_after_seconds: lockOut.recoveryRetryAfterSeconds,
    },
  };
}
