/** `hi vault unlock` and `hi vault lock`. */
import { systemClock } from "@hi-stranger/core/clock";
import { wipe } from "@hi-stranger/vault/secret-bytes";
import type { SessionMinutes } from "@hi-stranger/vault/sessions/sessions";
import { VaultError } from "@hi-stranger/vault/vault-error";
import { callUnlock, lockAgent } from "./agent-process.ts";
import { formatEnd } from "./times.ts";
import type { VaultContext } from "./vault-context.ts";

export interface UnlockOptions {
  readonly passphraseFd?: number;
  readonly minutes: SessionMinutes;
  readonly acceptOldCopy?: boolean;
  readonly acceptNewAuth?: boolean;
}

export async function unlock(context: VaultContext, options: UnlockOptions): Promise<void> {
  const { output, place, signal } = context;
  const { minutes, acceptOldCopy = false, acceptNewAuth = false } = options;
  if (!(await place.hasVault())) throw new VaultError("no_vault");
  const passphrase = await readPassphrase(context, options.passphraseFd);
  try {
    const { result } = await callUnlock(place, {
      method: "unlock",
      params: { minutes, acceptOldCopy, acceptNewAuth },
      parts: [passphrase],
      signal,
    });
    context.notice(result.notices);
    if (output.isJson) {
      await output.json({
        vault: place.folder,
        expires_at: result.expiresAt,
        minutes,
        pid: result.pid,
        notices: result.notices,
      });
      return;
    }
    output.note(
      `Unlocked until ${formatEnd(result.expiresAt, systemClock.now())}, and longer while it is used.\n` +
        "What is in it: npx hi vault list. When you are done: npx hi vault lock",
    );
  } finally {
    wipe(passphrase);
  }
}

export async function lock({ output, place, signal }: VaultContext): Promise<void> {
  const wasOpen = await lockAgent(place, signal);
  if (output.isJson) await output.json({ vault: place.folder, was_unlocked: wasOpen });
  else output.note(wasOpen ? "Locked." : "The vault was not unlocked.");
}

/** The passphrase there is, from the descriptor or the person. The caller wipes it. */
export async function readPassphrase(
  { secrets }: VaultContext,
  fd: number | undefined,
  question = "Passphrase: ",
): Promise<Uint8Array<ArrayBuffer>> {
  if (fd !== undefined) return secrets.line(fd, "passphrase");
  return secrets.terminal("Hand the passphrase over by --passphrase-fd.").askSecret(question);
}
