/**
 * Making `auth.db` anew, for a vault that was brought to another device or whose device key or
 * `auth.db` is gone. What only the old one held is lost: the questions, the sessions, the log.
 */
import { logEvent } from "../auth/auth-database.ts";
import type { HeaderPayload } from "../header/header-payload.ts";
import type { Notice } from "../notices.ts";
import { VaultError } from "../vault-error.ts";
import { type VaultParts, findDeviceKey, openAuthDatabase } from "./parts.ts";
import { type OpenAuth, type VaultState, vaultNameOf } from "./state.ts";

/**
 * To be asked before a secret is tried: whoever guesses shall not get rid of the failed attempts by
 * another key store or by removing the file, nor anyone of their questions by mistake. Every vault had
 * an `auth.db` before it had a header.
 *
 * @throws {VaultError} `auth_unreadable` when `auth.db` is to be made anew.
 */
export function requireReadableAuth({ auth }: VaultParts, acceptNewAuth: boolean): void {
  if (auth || acceptNewAuth) return;
  throw new VaultError("auth_unreadable", { parts: ["auth.db"] });
}

/** Makes it, with a device key if there is none, and puts it into `state`. */
export async function rebuildAuth(
  state: VaultState,
  payload: HeaderPayload,
  notices: Notice[],
): Promise<OpenAuth> {
  const { deviceKeys, files, clock } = state.platform;
  const vaultName = vaultNameOf(payload);
  await files.removeDatabase("auth");
  const deviceKey =
    (await findDeviceKey(state.platform, vaultName)) ?? (await deviceKeys.create(vaultName));
  const database = await openAuthDatabase(state.platform, payload, deviceKey);
  logEvent(database, "auth_rebuilt", clock.now());
  notices.push("auth_rebuilt");
  state.auth = { vaultName, deviceKey, database };
  return state.auth;
}
