import { platformRandom } from "@hi-stranger/core/codec/ids";
import { accessTtlSeconds } from "@hi-stranger/core/contract/identity";
import { createKeyring } from "@hi-stranger/core/crypto/keyring";
import { expect, it } from "vitest";
import { createAccessTokens } from "../../src/services/access-tokens.ts";
import { createSessionKeys } from "../../src/services/session-keys.ts";
import { createHeldClock } from "../support/browser.ts";

const { subtle } = crypto;
const claims = { personId: "psn_1", sessionId: "sgn_1", personas: ["usr_1"], roles: [] };

function openTokens() {
  const clock = createHeldClock();
  const environment = "local";
  const keyring = createKeyring(platformRandom);
  const keys = createSessionKeys({ environment, keyring, subtle });
  return { clock, tokens: createAccessTokens({ environment, keys, clock }) };
}

it("a token that was good a moment ago says the same again, until it expires", async () => {
  const { clock, tokens } = openTokens();
  const { token } = await tokens.issue(claims);
  const first = await tokens.verify(token);
  expect(first).toMatchObject(claims);
  expect(await tokens.verify(token)).toEqual(first);
  clock.move(accessTtlSeconds - 1);
  expect(await tokens.verify(token)).toEqual(first);
  clock.move(1);
  expect(await tokens.verify(token)).toBeNull();
});

it("beside a remembered token, one that differs in any character is still no token", async () => {
  const { tokens } = openTokens();
  const { token } = await tokens.issue(claims);
  expect(await tokens.verify(token)).not.toBeNull();
  // The last character also has two bits that stand for nothing.
  for (let at = 0; at < token.length - 1; at += 1) {
    const other = token[at] === "A" ? "B" : "A";
    const changed = token.slice(0, at) + other + token.slice(at + 1);
    expect(await tokens.verify(changed)).toBeNull();
  }
});

it("more tokens than are remembered are all good, each its own", async () => {
  const { tokens } = openTokens();
  const issued = await Promise.all(
    Array.from({ length: 1_100 }, async (_, index) => {
      const personId = `psn_${index}`;
      return { personId, ...(await tokens.issue({ ...claims, personId })) };
    }),
  );
  for (const { personId, token } of [...issued, ...issued]) {
    expect(await tokens.verify(token)).toMatchObject({ personId });
  }
});
