import { platformRandom } from "@hi-stranger/core/codec/ids";
import { createKeyring, readKeyring } from "@hi-stranger/core/crypto/keyring";
import { Redacted } from "@hi-stranger/core/crypto/redacted";
import { describe, expect, it } from "vitest";
import { type SubjectKind, createSubjectNames } from "../../src/services/limit-subjects.ts";

const { subtle } = crypto;
const day = Date.UTC(2026, 10, 22);
const dayMs = 24 * 60 * 60 * 1000;
const keyring = createKeyring(platformRandom);
const names = createSubjectNames({ environment: "test", keyring, subtle });

describe("the names that limits are kept by", () => {
  it("of networks and mail addresses change at midnight UTC, and those of others never", async () => {
    const changes = async (kind: SubjectKind) => {
      const [first, last, next] = await Promise.all([
        names.nameOf(kind, "id", day),
        names.nameOf(kind, "id", day + dayMs - 1),
        names.nameOf(kind, "id", day + dayMs),
      ]);
      expect(last).toBe(first);
      return next !== first;
    };
    expect(await changes("network")).toBe(true);
    expect(await changes("attempts")).toBe(true);
    expect(await changes("mail")).toBe(true);
    expect(await changes("person")).toBe(false);
    expect(await changes("session")).toBe(false);
    expect(await changes("token")).toBe(false);
  });

  it("differ by kind, id, environment and keyring", async () => {
    const other = createSubjectNames({ environment: "preview", keyring, subtle });
    const foreign = createSubjectNames({
      environment: "test",
      keyring: createKeyring(platformRandom),
      subtle,
    });
    const made = await Promise.all([
      names.nameOf("person", "a", day),
      names.nameOf("person", "b", day),
      names.nameOf("token", "a", day),
      other.nameOf("person", "a", day),
      foreign.nameOf("person", "a", day),
    ]);
    expect(new Set(made).size).toBe(made.length);
  });

  it("are as documented", async () => {
    const root = (first: number) =>
      btoa(String.fromCharCode(...Array.from({ length: 32 }, (_, index) => first + index)))
        .replaceAll("+", "-")
        .replaceAll("/", "_")
        .replaceAll("=", "");
    const purposes = ["kek", "index", "audit", "session", "suppression"];
    const document = {
      ...Object.fromEntries(purposes.map((purpose, index) => [purpose, { 1: root(index * 32) }])),
      active: Object.fromEntries(purposes.map((purpose) => [purpose, 1])),
    };
    const frozen = createSubjectNames({
      environment: "test",
      keyring: readKeyring(new Redacted(JSON.stringify(document))),
      subtle,
    });
    expect(await frozen.nameOf("network", "192.0.2.1", day)).toBe(
      "Rew6rAEqhFDyPFNewZjVGNTcgpuVj5zPkEeiaRYxzdc",
    );
    expect(await frozen.nameOf("person", "psn_1", day)).toBe(
      "qY1kAqtTkjFCJFO6Y61_eTXAqjAw8a68fgLl5wImTs4",
    );
  });
});
