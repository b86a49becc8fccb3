import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromBase64Url, toBase64Url, toHex, utf8ByteLength } from "../../src/codec/bytes.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe("toHex", () => {
  test("writes two lower-case characters a byte, in order", () => {
    expect(toHex(new Uint8Array([0, 15, 16, 171, 255]))).toBe("000f10abff");
    expect(toHex(new Uint8Array(0))).toBe("");
  });
});

describe("base64url", () => {
  // RFC 4648 section 10, without the padding.
  test.each([
    ["", ""],
    ["f", "Zg"],
    ["fo", "Zm8"],
    ["foo", "Zm9v"],
    ["foob", "Zm9vYg"],
    ["fooba", "Zm9vYmE"],
    ["foobar", "Zm9vYmFy"],
  ])("spells %j as the RFC's vector %j, and reads it back", (text, spelling) => {
    expect(toBase64Url(bytesOf(text))).toBe(spelling);
    expect(fromBase64Url(spelling)).toEqual(bytesOf(text));
  });

  test("uses the two characters that need no escape in a URL", () => {
    expect(toBase64Url(new Uint8Array([0xfb, 0xef, 0xff]))).toBe("--__");
    expect(fromBase64Url("--__")).toEqual(new Uint8Array([0xfb, 0xef, 0xff]));
  });

  test("any bytes survive a round trip", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
      }),
    );
  });

  test.each([
    ["padding", "Zg=="],
    ["the other alphabet's plus", "+u__"],
    ["the other alphabet's slash", "/u__"],
    ["white space", "Zm 9v"],
    ["a newline at the end", "Zm9v\n"],
    ["a length that no bytes have", "Zm9vY"],
    ["one lone character", "Z"],
    ["unused bits that are not zero (2 characters)", "Zh"],
    ["unused bits that are not zero (3 characters)", "Zm9"],
    ["a letter outside ASCII", "Zm9ä"],
  ])("refuses %s", (_, text) => {
    expect(fromBase64Url(text)).toBeNull();
  });

  test("accepts one spelling of some bytes at most", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{0,12}$/), (text) => {
        const bytes = fromBase64Url(text);
        expect(bytes === null || toBase64Url(bytes) === text).toBe(true);
      }),
    );
  });
});

describe("utf8ByteLength", () => {
  test.each([
    ["", 0],
    ["\u007f", 1],
    ["\u0080", 2],
    ["\u07ff", 2],
    ["\u0800", 3],
    ["\uffff", 3],
    ["\u{10000}", 4],
    ["\u{10ffff}", 4],
    ["\ud800", 3],
    ["\udc00", 3],
    ["\udc00\ud800", 6],
    ["\ud800\ud800\udc00", 7],
  ])("%j takes %d bytes", (text, byteLength) => {
    expect(utf8ByteLength(text)).toBe(byteLength);
  });

  test("agrees with the platform's encoder on any text, lone surrogates included", () => {
    // Mostly surrogates, so that pairs, halves and wrong orders all come up.
    const codeUnit = fc.oneof(fc.nat(0xffff), fc.integer({ min: 0xd7f0, max: 0xe00f }));
    fc.assert(
      fc.property(fc.array(codeUnit, { maxLength: 40 }), (codeUnits) => {
        const text = String.fromCharCode(...codeUnits);
        expect(utf8ByteLength(text)).toBe(bytesOf(text).length);
      }),
    );
  });
});
