import { expect, test } from "vitest";
import {
  linkTokenByteLength,
  openLinkAddress,
  sealLinkAddress,
} from "../../src/crypto/link-address.ts";
import { countingBytes } from "../support/key-material.ts";

const { subtle } = crypto;
const linkKey = { environment: "test", token: countingBytes(linkTokenByteLength) };
const known =
  "ml1.ULyjajLPJFLumSNnKG5_LnKlgJ-FeRMoHCJYLohS_PWclr_YeNZtdfNX1LF0ebClPmi-hC74PbZgxTMQoRvPInw2K2UJrmhZ0kFuOv3fjG_rgAKL-h5dWMyjJHNLbncHqJGbYVvjqVlWnhEOJNvODUXH2K7R5zVbsUfpRd8rpZzqBqDb6oA7S9pSKCzRHoPiI_OofrQInwBjwNJ04jC53QNgcK_yX-WyY_Sb057kJ8DLMIcYFx6kQ7LJCn7RpTy9S_VRDXkzbe7OTShchMWqF3FICGBUiR0-2Qpor6GgsJFv5rAA4gtaBW3XQ2mGlrJ7_QTiHBOcNMBHRDFpbN40bIOnFcbwuVbzV23mcT6zP4w";

test("an address seals to what another implementation made of it, and opens again", async () => {
  expect(await sealLinkAddress(subtle, linkKey, "ada@example.org")).toBe(known);
  expect(await openLinkAddress(subtle, linkKey, known)).toBe("ada@example.org");
});

test("an address of any length takes the same room", async () => {
  for (const address of ["a@b.cc", `${"ü".repeat(100)}@example.org`, "x".repeat(254)]) {
    const sealed = await sealLinkAddress(subtle, linkKey, address);
    expect(sealed).toHaveLength(known.length);
    expect(await openLinkAddress(subtle, linkKey, sealed)).toBe(address);
  }
  await expect(sealLinkAddress(subtle, linkKey, "x".repeat(256))).rejects.toThrow(RangeError);
});

test("an address opens with its own token and environment alone", async () => {
  const token = countingBytes(linkTokenByteLength, 1);
  expect(await openLinkAddress(subtle, { ...linkKey, token }, known)).toBeNull();
  expect(
    await openLinkAddress(subtle, { ...linkKey, environment: "production" }, known),
  ).toBeNull();
});

test.each([
  "",
  "ml1.",
  known.slice(4),
  `${known.slice(0, -1)}x`,
  known.slice(0, -4),
  `${known}AAAA`,
])("%s is refused", async (text) => {
  expect(await openLinkAddress(subtle, linkKey, text)).toBeNull();
});
