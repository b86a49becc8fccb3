import { expect, it } from "vitest";
import { nextUrl } from "../../src/parts/next-url.ts";

it("goes back to an address of ours", () => {
  for (const next of [
    "/",
    "/personas?language=de",
    "/personas/usr_1/edit",
    "/connected",
    "/sign-ins",
  ]) {
    expect(nextUrl(next, "/account")).toBe(next);
  }
});

it("leads to no other site, and not in circles", () => {
  for (const next of [
    undefined,
    "",
    "personas",
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "/connect",
    "/sign-in?next=%2F",
  ]) {
    expect(nextUrl(next, "/account")).toBe("/account");
  }
});
