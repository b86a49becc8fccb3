import { createHash } from "node:crypto";
import { decodeJwt, decodeProtectedHeader, SignJWT } from "jose";
import { expect, test } from "vitest";
import { type Vault, createVault, openVault } from "../src/vault.ts";
import { type SessionMinutes, openSessions } from "../src/sessions/sessions.ts";
import { vaultNameOf } from "../src/handle/state.ts";
import type { Database, VaultPlatform } from "../src/ports.ts";
import { openAuthDatabase } from "../src/handle/parts.ts";
import { readHeaderFile, wholeCopies } from "../src/header/header-file.ts";
import { passphrase, platformOf, tempVault, utf8 } from "./support/temp-vault.ts";

const minute = 60_000;
const hour = 60 * minute;

async function unlockedVault(sessionMinutes: SessionMinutes = 30) {
  const place = tempVault();
  const { vault, token } = await createVault(place.platform, {
    passphrase: utf8(passphrase),
    sessionMinutes,
  });
  return { ...place, vault, token };
}

async function expectEnded(vault: Vault, token: string): Promise<void> {
  await expect(vault.sessions.verify(token)).rejects.toMatchObject({ code: "session_invalid" });
}

test("a token is a JWT by HS256 that names the vault and holds nothing else", async () => {
  const { vault, token } = await unlockedVault();
  expect(decodeProtectedHeader(token)).toEqual({ alg: "HS256", typ: "JWT" });
  const claims = decodeJwt(token);
  expect(Object.keys(claims).toSorted()).toEqual(["aud", "exp", "iat", "iss", "jti", "sub"]);
  expect(claims.aud).toBe((await vault.check()).header?.vaultName);
  await vault.close();
});

test("unused for 30 minutes, a session ends and the vault locks itself", async () => {
  const { vault, token, time } = await unlockedVault();
  time.pass(30 * minute - 1);
  expect(await vault.status()).toBe("unlocked");
  time.pass(1);
  expect(await vault.status()).toBe("locked");
  await expect(vault.sessions.verify(token)).rejects.toMatchObject({ code: "vault_locked" });
  await vault.close();
});

test("each use counts from anew, up to twelve hours in all", async () => {
  const { vault, token, time } = await unlockedVault(120);
  for (let used = 0; used < 11; used++) {
    time.pass(hour);
    await vault.sessions.verify(token);
  }
  time.pass(hour - 1);
  await vault.sessions.verify(token);
  time.pass(1);
  expect(await vault.status()).toBe("locked");
  await vault.close();
});

test.each([5, 15, 30, 60, 120] as const)(
  "a session of %i minutes lasts that long",
  async (minutes) => {
    const { vault, time } = await unlockedVault(minutes);
    time.pass(minutes * minute - 1);
    expect(await vault.status()).toBe("unlocked");
    time.pass(1);
    expect(await vault.status()).toBe("locked");
    await vault.close();
  },
);

test("no other length is offered", async () => {
  const { platform } = tempVault();
  const minutes = 45 as SessionMinutes;
  await expect(
    createVault(platform, { passphrase: utf8(passphrase), sessionMinutes: minutes }),
  ).rejects.toMatchObject({ code: "invalid_choice" });
});

test("moving the wall clock by a year either way ends no session and keeps none", async () => {
  const { vault, token, time } = await unlockedVault();
  const year = 365 * 24 * hour;
  time.wallMs += year;
  await vault.sessions.verify(token);
  time.wallMs -= 2 * year;
  await vault.sessions.verify(token);
  time.pass(30 * minute);
  expect(await vault.status()).toBe("locked");
  await vault.close();
});

test("a lock ends every session, and no token outlives it", async () => {
  const { vault, token } = await unlockedVault();
  await vault.lock();
  await vault.unlock({ passphrase: utf8(passphrase) });
  await expectEnded(vault, token);
  expect(await vault.sessions.list()).toHaveLength(1);
  await vault.close();
});

test("sessions are listed and ended one by one; with the last one the vault locks", async () => {
  const { vault, token } = await unlockedVault();
  const second = await vault.unlock({ passphrase: utf8(passphrase) });
  const [first, other] = await vault.sessions.list();
  expect(await vault.sessions.list()).toHaveLength(2);
  await vault.sessions.end(first?.id ?? 0);
  await expectEnded(vault, token);
  await vault.sessions.verify(second.token);
  await vault.sessions.end(other?.id ?? 0);
  expect(await vault.status()).toBe("locked");
  await vault.close();
});

test("a session that begins while the last one ends keeps the vault open", async () => {
  const { vault, token, time } = await unlockedVault();
  const second = vault.unlock({ passphrase: utf8(passphrase) });
  time.pass(30 * minute);
  const { token: other } = await second;
  await expectEnded(vault, token);
  await vault.sessions.verify(other);
  time.pass(30 * minute);
  expect(await vault.status()).toBe("locked");
  await vault.close();
});

test("a token of another key, another algorithm or another vault is none", async () => {
  const { vault, token } = await unlockedVault();
  const other = await unlockedVault();
  await expectEnded(vault, other.token);
  const claims = decodeJwt(token);
  const forged = new SignJWT(claims).setProtectedHeader({ alg: "HS256", typ: "JWT" });
  await expectEnded(vault, await forged.sign(new Uint8Array(32)));
  const [, body = ""] = token.split(".");
  const none = btoa(JSON.stringify({ alg: "none", typ: "JWT" })).replaceAll("=", "");
  await expectEnded(vault, `${none}.${body}.`);
  await expectEnded(vault, "no token");
  await vault.close();
  await other.vault.close();
});

test("the table holds hashes of tokens' ids, and rows of a process that ended are gone at the next unlocking", async () => {
  const { vault, folder, keyFolder, platform } = await unlockedVault();
  await vault.close();

  const auth = await openClosedAuth(platform);
  const audience = "another process";
  const sessions = await openSessions({
    platform,
    database: auth,
    audience,
    onAllEnded: () => expect.unreachable("none has ended"),
  });
  const { token } = await sessions.start(30);
  const rows = auth.all<{ token: string; user_id: number }>("SELECT token, user_id FROM sessions");
  const hash = createHash("sha256")
    .update(decodeJwt(token).jti ?? "")
    .digest("hex");
  expect(rows).toEqual([{ token: hash, user_id: 1 }]);
  auth.close();

  const again = await openVault(platformOf(folder, keyFolder).platform);
  await again.unlock({ passphrase: utf8(passphrase) });
  const [row, ...others] = await again.sessions.list();
  expect(others).toEqual([]);
  expect(row?.id).toBeGreaterThan(1);
  await again.close();
});

/** `auth.db` of a vault that nobody holds. */
async function openClosedAuth(platform: VaultPlatform): Promise<Database> {
  const file = await readHeaderFile(platform);
  const payload = file && wholeCopies(file)[0]?.payload;
  const key = payload && (await platform.deviceKeys.open(vaultNameOf(payload)));
  if (!key) throw new Error("no device key");
  return openAuthDatabase(platform, payload, key);
}
