import { beforeEach, describe, expect, it } from "vitest";
import { type App, createApp } from "../../src/app.ts";
import { expectProblem } from "../support/api.ts";
import { createHeldClock, openBrowser, origin } from "../support/browser.ts";
import { emptyPeople } from "../support/empty.ts";
import { env } from "../support/env.ts";
import { letThrough, perMinute } from "../support/limited-server.ts";

const consents = ["gdpr_terms", "privacy_policy"];
const verify = "/api/auth/verify";
const wrongLink = { token: "A".repeat(43), confirmed: true };
let networks = 0;

/** An isolate with the product's own limits or those given, whose callers are in one network unless they say otherwise. */
function open(limits: object = {}) {
  networks += 1;
  const network = `192.0.2.${networks}`;
  const clock = createHeldClock();
  const app = createApp({ ...env, HS_MODE: "live", RATE_LIMITS: JSON.stringify(limits) }, clock);
  const from = (address: string): App => ({
    fetch(request) {
      const headers = new Headers(request.headers);
      headers.set("CF-Connecting-IP", address);
      return app.fetch(new Request(request, { headers }));
    },
  });
  return { clock, openBrowser: (address = network) => openBrowser(from(address)) };
}

beforeEach(() => emptyPeople(env.PII_DB));

describe("many networks", () => {
  it("of one IPv6 site have a limit together, and those of the next their own", async () => {
    const server = open({ address: { read: perMinute(5) }, site: { read: perMinute(12) } });
    const from = (network: string) => server.openBrowser(network).fetch("/api/ping");
    let through = 0;
    for (let host = 1; host <= 6; host++) {
      through += await letThrough(6, () => from(`2001:db8:5:${host}::1`));
    }
    expect(through).toBe(12);
    const refused = await from("2001:db8:5:99::1");
    await expectProblem(refused, "rate_limited");
    expect(refused.headers.get("RateLimit-Policy")).toBe('"read";q=12;w=60');
    expect((await from("2001:db8:6:1::1")).status).toBe(200);
  });
});

describe("people who share a network", () => {
  it("stay signed in, and read on, while somebody there guesses tokens and is blocked", async () => {
    const server = open({ signals: { failed_sign_in: { floor: 5, ceiling: 5 } } });
    const person = server.openBrowser();
    await person.signIn("neighbour@example.org");
    const stranger = server.openBrowser();
    const headers = { Authorization: `Bearer hst_${"A".repeat(43)}` };
    const guess = () => stranger.fetch("/api/profiles/count", { headers });
    for (let sent = 0; sent < 12; sent++) await guess();
    await expectProblem(await guess(), "access_blocked");
    expect((await stranger.fetch("/api/ping")).status).toBe(200);
    expect((await person.fetch("/api/auth/session")).status).toBe(200);
    expect((await person.send("POST", "/api/auth/refresh")).status).toBe(200);
    // What can be guessed at is closed.
    const asked = await stranger.send("POST", "/api/auth/magic-link", { email: "a@example.org" });
    await expectProblem(asked, "access_blocked");
    await expectProblem(await stranger.send("POST", verify, wrongLink), "access_blocked");
  });

  it("go on with sessions that count by themselves; a made-up refresh token counts with the network", async () => {
    const server = open({ address: { write: perMinute(3) }, person: { write: perMinute(5) } });
    const person = server.openBrowser();
    await person.signIn("often@example.org");
    const token = person.cookies.get("__Host-hs_refresh") ?? "";
    const madeUp = token.replace(/\.[^.]{64}\./, `.${"A".repeat(64)}.`);
    expect(madeUp).not.toBe(token);
    const headers = { Origin: origin, Cookie: `__Host-hs_refresh=${madeUp}` };
    const forger = server.openBrowser();
    const forge = () => forger.fetch("/api/auth/refresh", { method: "POST", headers });
    expect(await letThrough(8, forge)).toBe(3);
    expect(await letThrough(8, () => person.send("POST", "/api/auth/refresh"))).toBe(5);
  });

  it("can be new by the dozen within minutes, each of whom learns of the consents first", async () => {
    const server = open();
    for (let count = 0; count < 24; count++) {
      server.clock.move(10);
      const person = server.openBrowser();
      const token = await person.askLink(`new${count}@example.org`);
      await expectProblem(await person.send("POST", verify, { token }), "consent_required");
      expect((await person.send("POST", verify, { token, consents })).status).toBe(200);
    }
  });

  it("have as many wrong links as links to ask for, and can use right ones after that", async () => {
    const server = open({ address: { sign_in: perMinute(6), write: perMinute(60) } });
    const person = server.openBrowser();
    const token = await person.askLink("right@example.org");
    for (let sent = 0; sent < 9; sent++) {
      await expectProblem(await person.send("POST", verify, { token }), "consent_required");
    }
    expect(await letThrough(10, () => person.send("POST", verify, wrongLink))).toBe(5);
    expect((await person.send("POST", verify, { token, consents })).status).toBe(200);
  });
});
