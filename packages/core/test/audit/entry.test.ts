import fc from "fast-check";
import { expect, it } from "vitest";
import { checkpointKey, isSignedBy, signCheckpoint } from "../../src/audit/checkpoint.ts";
import {
  type EntryContent,
  canonicalDetail,
  genesisHash,
  hashOfEntry,
} from "../../src/audit/entry.ts";
import { toBase64Url } from "../../src/codec/bytes.ts";
import { environment, keyring } from "./support.ts";

const { subtle } = crypto;

/** Frozen: made with Python's hashlib and cryptography by what `docs/audit.md` says. */
const known = {
  first: "99b36d303621b988d68a8fd9ff7482e52aaea044bdd4b4ab5969a92876841a14",
  second: "c82394ac37a18ff33f9aa0bc61b1ca02d4d4e0e1ee887e9ae730139a887ecbca",
  publicKey: "Sb64zugLk6fVq57wOsMAAHn55B3-AAqYGYMz6XlcUCA",
  signature:
    "rSKyz_3zDkOC8zvVHaQ4st3n-p-7VeIwGFQHpSNh_XAK1Rytcmay3_JInssDfZ3iHKKI_kENQ0fkpa0WLK2JAQ",
};

const first: EntryContent = {
  seq: 1,
  atMs: 1_790_000_000_000,
  actor: "operator",
  action: "token.created",
  subject: "token:tok_00000000000000000000000000",
  outcome: "done",
  detail: canonicalDetail({ scopes: ["profiles:read"] }),
};
const second: EntryContent = {
  seq: 2,
  atMs: 1_790_000_000_001,
  actor: "system",
  action: "audit.day_closed",
  subject: null,
  outcome: "done",
  detail: canonicalDetail({}),
};
const unsigned = {
  environment,
  day: "2026-09-21",
  first_seq: 1,
  last_seq: 2,
  count: 2,
  head_hash: known.second,
  key_version: 1,
};

it("hashes entries as it always did", async () => {
  expect(await hashOfEntry(subtle, first, genesisHash)).toBe(known.first);
  expect(await hashOfEntry(subtle, second, known.first)).toBe(known.second);
});

it("signs checkpoints as it always did", async () => {
  const key = await checkpointKey(subtle, keyring, environment);
  expect(toBase64Url(key.publicKey)).toBe(known.publicKey);
  const checkpoint = await signCheckpoint(subtle, key, unsigned);
  expect(checkpoint.signature).toBe(known.signature);
  expect(await isSignedBy(subtle, key.publicKey, checkpoint)).toBe(true);
});

it("tells apart any two checkpoints by their signature, and keys of two environments", async () => {
  const key = await checkpointKey(subtle, keyring, environment);
  const elsewhere = await checkpointKey(subtle, keyring, "production");
  expect(elsewhere.publicKey).not.toEqual(key.publicKey);
  const signed = await signCheckpoint(subtle, key, unsigned);
  const others = [
    { environment: "production" },
    { day: "2026-09-22" },
    { first_seq: 2 },
    { last_seq: 12 },
    { count: 1 },
    { head_hash: known.first },
    { key_version: 2 },
    { signature: "" },
    { signature: "!" },
    { signature: `${signed.signature.slice(0, -2)}AA` },
  ];
  for (const other of others) {
    expect(await isSignedBy(subtle, key.publicKey, { ...signed, ...other })).toBe(false);
  }
  expect(await isSignedBy(subtle, elsewhere.publicKey, signed)).toBe(false);
});

const content = fc.record({
  seq: fc.nat(),
  atMs: fc.nat(),
  actor: fc.string(),
  action: fc.string(),
  subject: fc.string({ minLength: 1 }),
  outcome: fc.string(),
  detail: fc.string(),
});

it("gives different contents different hashes, wherever a text ends and the next begins", async () => {
  await fc.assert(
    fc.asyncProperty(content, content, async (one, other) => {
      const moved = { ...one, actor: one.actor + one.action, action: "" };
      const hashes = await Promise.all(
        [one, other, moved].map((each) => hashOfEntry(subtle, each, genesisHash)),
      );
      const texts = [one, other, moved].map((each) => JSON.stringify(Object.values(each)));
      expect(new Set(hashes).size).toBe(new Set(texts).size);
    }),
  );
});

it("gives an entry another hash after another entry, and refuses to follow what is no hash", async () => {
  expect(await hashOfEntry(subtle, first, known.second)).not.toBe(known.first);
  for (const hash of ["", "00", known.first.toUpperCase(), `${known.first}0`]) {
    await expect(hashOfEntry(subtle, first, hash)).rejects.toThrow(RangeError);
  }
});

it("spells a detail the same whatever the order of its members", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z_]{1,9}$/), fc.nat()), (detail) => {
      const backwards = Object.fromEntries(Object.entries(detail).toReversed());
      const text = canonicalDetail(detail);
      expect(canonicalDetail(backwards)).toBe(text);
      expect(JSON.parse(text)).toEqual(detail);
    }),
  );
  expect(canonicalDetail({ status: 200, route: "ping" })).toBe('{"route":"ping","status":200}');
});
