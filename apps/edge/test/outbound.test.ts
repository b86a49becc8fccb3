import { expect, it } from "vitest";

const sources = import.meta.glob<string>("../src/**/*.ts", {
  query: "?raw",
  import: "default",
  eager: true,
});
const code = Object.values(sources).join("\n");

/** Our own application, and bindings: the web app's files and, locally, the keyring's file. */
const callsOfOurs = ["appFor(env).fetch(", "clock)).fetch(", "assets.fetch(", "feed.fetch("];

it("the server asks no other machine: every call of `fetch` is a binding's or its own", () => {
  expect(Object.keys(sources).length).toBeGreaterThan(50);
  const withoutDeclarations = code.replaceAll(/\bfetch\(\w+(?::|\) \{)/g, "");
  const calls = withoutDeclarations.match(/\S*\bfetch\(/g);
  expect(new Set(calls)).toEqual(new Set(callsOfOurs));
});

it("the server opens no socket", () => {
  expect(code).not.toMatch(/cloudflare:sockets|"node:(?:net|tls|https?|http2|dgram|dns)"/);
  expect(code).not.toMatch(/new (?:WebSocket|EventSource)\(/);
});
