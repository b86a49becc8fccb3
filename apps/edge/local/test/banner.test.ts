import { expect, test } from "vitest";
import { describeServer } from "../banner.ts";

const stateDir = "/data";

test("the command it hands out names the server, unless hi looks there by itself", () => {
  const url = "http://localhost:8790";
  expect(describeServer({ url, mode: "live", stateDir })).toContain(
    "npx hi token create --url http://localhost:8790\n",
  );
  expect(describeServer({ url: "http://localhost:8788", mode: "live", stateDir })).toContain(
    "npx hi token create\n",
  );
});

test("the prototype, which has no tokens, names the secret's place instead", () => {
  const text = describeServer({ url: "http://localhost:8790", mode: "prototype", stateDir });
  expect(text).not.toContain("npx hi token");
  expect(text).toContain(".dev.vars");
});

test("the mailbox is where people sign in, which is in LIVE alone", () => {
  const url = "http://localhost:8790";
  expect(describeServer({ url, mode: "live", stateDir })).toContain(`${url}/dev/mailbox\n`);
  expect(describeServer({ url, mode: "prototype", stateDir })).not.toContain("mailbox");
});
