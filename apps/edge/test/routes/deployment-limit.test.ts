import { platformRandom } from "@hi-stranger/core/codec/ids";
import { createKeyring, writeKeyring } from "@hi-stranger/core/crypto/keyring";
import { reveal } from "@hi-stranger/core/crypto/redacted";
import { expect, it } from "vitest";
import { createApp } from "../../src/app.ts";
import { expectProblem } from "../support/api.ts";
import { createHeldClock, origin } from "../support/browser.ts";
import { env } from "../support/env.ts";

it("many networks are sent no more links together than a deployment may send, whomever they are for", async () => {
  const limits = { deployment: { sign_in: { requests: 4, window_seconds: 3600 } } };
  const clock = createHeldClock();
  // What a deployment is called goes by its keyring: this one uses up nobody else's limit.
  const KEYRING = reveal(writeKeyring(createKeyring(platformRandom)));
  const RATE_LIMITS = JSON.stringify(limits);
  const app = createApp({ ...env, HS_MODE: "live", KEYRING, RATE_LIMITS }, clock);
  let asked = 0;
  const ask = () => {
    asked += 1;
    const body = JSON.stringify({ email: `person${asked}@example.org` });
    const headers = {
      "Content-Type": "application/json",
      "CF-Connecting-IP": `198.18.0.${asked}`,
    };
    const path = `${origin}/api/auth/magic-link`;
    return app.fetch(new Request(path, { method: "POST", headers, body }));
  };
  for (let sent = 0; sent < 4; sent++) expect((await ask()).status).toBe(202);
  const refused = await ask();
  expect(refused.headers.get("Retry-After")).toBe("900");
  expect(refused.headers.get("RateLimit-Policy")).toBe('"sign_in";q=60;w=900');
  await expectProblem(refused, "rate_limited");
  clock.move(900);
  expect((await ask()).status).toBe(202);
});
