import { expect, it } from "vitest";

const sources = import.meta.glob<string>("../../src/**/*.ts", {
  query: "?raw",
  import: "default",
  eager: true,
});

const filesWith = (pattern: RegExp) =>
  Object.entries(sources)
    .filter(([, text]) => pattern.test(text))
    .map(([path]) => path.replace("../../src/", ""));

it("one store names the bridge's table, and one service alone is given that store", () => {
  expect(Object.keys(sources).length).toBeGreaterThan(50);
  expect(filesWith(/link_profile_personal/)).toEqual(["stores/bridge.d1.ts"]);
  expect(filesWith(/\bcreateD1Bridge\b/)).toEqual(["app-identity.ts", "stores/bridge.d1.ts"]);
  expect(filesWith(/\bBridge\b/).toSorted()).toEqual([
    "services/personas.ts",
    "stores/bridge.d1.ts",
    "stores/sign-in-ports.ts",
  ]);
  const calls = sources["../../src/app-identity.ts"]?.match(/createD1Bridge\(/g);
  expect(calls).toHaveLength(1);
});

it("no route or service touches a key of personal data", () => {
  const outside = (path: string) => !path.startsWith("stores/") && path !== "app-identity.ts";
  expect(filesWith(/crypto\/(?:envelope|data-key|blind-index)"/).filter(outside)).toEqual([]);
});
