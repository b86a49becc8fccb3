import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { platformRandom } from "../../src/codec/ids.ts";
import {
  KeyringError,
  activateKeyVersion,
  addKeyVersion,
  createKeyring,
  describeKeyring,
  keyPurposes,
  maxKeyVersion,
  readKeyring,
  removeKeyVersion,
  rootKey,
  writeKeyring,
} from "../../src/crypto/keyring.ts";
import { Redacted, reveal } from "../../src/crypto/redacted.ts";
import { countingBytes, keyringDocument, keyringOf } from "../support/key-material.ts";
import { toBase64Url } from "../../src/codec/bytes.ts";

const { subtle } = crypto;

describe("a keyring", () => {
  test("that is made reads back as it was", async () => {
    const keyring = createKeyring(platformRandom);
    const again = readKeyring(writeKeyring(keyring));
    expect(reveal(writeKeyring(again))).toBe(reveal(writeKeyring(keyring)));
    expect(await describeKeyring(subtle, again)).toEqual(await describeKeyring(subtle, keyring));
  });

  test("gives another key to every purpose", async () => {
    const described = await describeKeyring(subtle, createKeyring(platformRandom));
    expect(described.map(({ purpose }) => purpose)).toEqual([...keyPurposes]);
    expect(new Set(described.map(({ fingerprint }) => fingerprint)).size).toBe(keyPurposes.length);
  });

  test("has the fingerprint that was published for a known key", async () => {
    const [kek] = await describeKeyring(subtle, keyringOf(keyringDocument()));
    expect(kek).toEqual({
      purpose: "kek",
      version: 1,
      isActive: true,
      fingerprint: "b77c7c77c0f69677",
    });
  });

  test("gets a new version without using it, takes it into use, and keeps the old one", async () => {
    const before = createKeyring(platformRandom);
    const added = addKeyVersion(before, "index", platformRandom);
    expect(added.activeByPurpose).toEqual(before.activeByPurpose);
    const after = activateKeyVersion(added, "index", 2);
    expect(after.activeByPurpose).toEqual({ ...before.activeByPurpose, index: 2 });
    expect([...after.rootsByPurpose.index.keys()]).toEqual([1, 2]);
    expect(before.rootsByPurpose.index.size).toBe(1);
    expect(() => activateKeyVersion(after, "index", 3)).toThrow(/no version 3/);
    await expect(rootKey(subtle, after, "index", 2)).resolves.toMatchObject({ type: "secret" });
    const retired = removeKeyVersion(after, "index", 1);
    expect([...retired.rootsByPurpose.index.keys()]).toEqual([2]);
    expect(() => rootKey(subtle, retired, "index", 1)).toThrow(KeyringError);
  });

  test("doesn't lose its active version, or one that it never had", () => {
    const keyring = createKeyring(platformRandom);
    expect(() => removeKeyVersion(keyring, "kek", 1)).toThrow(/active/);
    expect(() => removeKeyVersion(keyring, "kek", 7)).toThrow(/no version 7/);
  });

  test("ends at its last version", () => {
    const document = keyringDocument();
    document["kek"] = { [maxKeyVersion]: toBase64Url(countingBytes(32)) };
    document["active"] = { ...document["active"], kek: maxKeyVersion };
    expect(() => addKeyVersion(keyringOf(document), "kek", platformRandom)).toThrow(KeyringError);
  });

  test("doesn't show a root in text, JSON or an error", () => {
    const document = keyringDocument();
    const secret = String(document["kek"]?.[1]);
    expect(JSON.stringify(keyringOf(document))).not.toContain(secret);
    expect(String(writeKeyring(keyringOf(document)))).not.toContain(secret);
  });
});

describe("a document is refused", () => {
  const good = toBase64Url(countingBytes(32, 0x50));
  const cases: [string, (document: Record<string, unknown>) => unknown, RegExp][] = [
    ["when it isn't JSON", () => "{", /^It is not a JSON text/],
    ["when it is a list", () => [], /^It is not an object/],
    ["without a purpose", (d) => ({ ...d, kek: undefined }), /^It lacks kek/],
    ["with a foreign member", (d) => ({ ...d, extra: {} }), /no keyring has/],
    ["with a purpose without versions", (d) => ({ ...d, kek: {} }), /^kek has no version/],
    ["with a version 0", (d) => ({ ...d, kek: { 0: good } }), /^kek\.0 is not a version/],
    ["with a version that is a word", (d) => ({ ...d, kek: { [good]: good } }), /^kek\.\? is not/],
    ["with a short key", (d) => ({ ...d, kek: { 1: good.slice(4) } }), /^kek\.1 is not 32 bytes/],
    ["with a key that is a number", (d) => ({ ...d, kek: { 1: 7 } }), /^kek\.1 is not 32 bytes/],
    ["with one key twice", (d) => ({ ...d, audit: { 1: good }, kek: { 1: good } }), /another name/],
    ["without active versions", (d) => ({ ...d, active: undefined }), /^It lacks active/],
    [
      "with an active version that isn't there",
      (d) => ({ ...d, active: { ...(d["active"] as object), kek: 2 } }),
      /^active\.kek is not a version/,
    ],
  ];
  test.each(cases)("%s, and the reason holds no key", (_, change, message) => {
    const changed = change(keyringDocument());
    const text = changed === "{" ? "{" : JSON.stringify(changed);
    expect(() => readKeyring(new Redacted(text))).toThrow(message);
    expect(() => readKeyring(new Redacted(text))).not.toThrow(good);
  });

  test("when it is too long, whatever it holds", () => {
    expect(() => readKeyring(new Redacted(" ".repeat(16_385)))).toThrow(/16384/);
  });

  test("whatever JSON it is, by an error of its own", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(() => readKeyring(new Redacted(text))).toThrow(KeyringError);
      }),
    );
  });
});
