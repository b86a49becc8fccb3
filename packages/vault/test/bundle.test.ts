import { expect, test } from "vitest";
import { type Vault, createVault } from "../src/vault.ts";
import { chunkByteLength, openStream, sealStream } from "../src/bundle/sealed-stream.ts";
import { keepSamples, sampleCounts } from "./support/sample-records.ts";
import { otherPassphrase, passphrase, tempVault, utf8 } from "./support/temp-vault.ts";

async function* pieces(bytes: Uint8Array, byteLength: number): AsyncGenerator<Uint8Array, void> {
  for (let start = 0; start < bytes.length; start += byteLength) {
    yield bytes.subarray(start, start + byteLength);
  }
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(Uint8Array.from(part));
  return new Uint8Array(Buffer.concat(parts));
}

async function newVault(secret = passphrase) {
  const place = tempVault();
  const made = await createVault(place.platform, { passphrase: utf8(secret) });
  return { ...place, ...made, code: made.recoveryCode ?? new Uint8Array() };
}

async function filledBundle() {
  const { vault, code } = await newVault();
  await keepSamples(vault.records());
  const bytes = await collect(vault.exportBundle());
  await vault.close();
  return { bytes, code };
}

async function everything(vault: Vault): Promise<unknown> {
  const { profiles, chats, policies, messages, secrets } = vault.records();
  const lines = [
    (await profiles.list({ filter: {}, cursor: null, limit: 100 })).items.map(({ line }) => line),
  ];
  for (const store of [chats, policies, messages]) {
    lines.push((await store.scan({ cursor: null, limit: 100 })).items.map(({ line }) => line));
  }
  const infos = await secrets.list();
  return { lines, secrets: await Promise.all(infos.map(async ({ name }) => secrets.get(name))) };
}

test("everything in a bundle arrives in another vault, by the passphrase or the code of the first", async () => {
  const { vault: source, code } = await newVault();
  await keepSamples(source.records());
  const bytes = await collect(source.exportBundle());
  const kept = await everything(source);
  await source.close();

  for (const secret of [{ passphrase: utf8(passphrase) }, { code }]) {
    const { vault } = await newVault(otherPassphrase);
    expect(await vault.importBundle(pieces(bytes, 1000), secret)).toMatchObject(sampleCounts);
    expect(await everything(vault)).toEqual(kept);
    await vault.close();
  }
});

test("a bundle imported again changes nothing", async () => {
  const { bytes } = await filledBundle();
  const { vault } = await newVault();
  const secret = { passphrase: utf8(passphrase) };
  await vault.importBundle(pieces(bytes, 70_000), secret);
  const counts = await vault.importBundle(pieces(bytes, 70_000), secret);
  expect(counts.profiles).toMatchObject({ inserted: 0, updated: 0 });
  await vault.close();
});

test("a bundle tells nothing of what it holds", async () => {
  const { bytes } = await filledBundle();
  const text = Buffer.from(bytes).toString("latin1");
  for (const word of ["usr_", "cht_", "manifest", "canary"]) expect(text).not.toContain(word);
});

test("another secret opens no bundle, and imports nothing", async () => {
  const { bytes } = await filledBundle();
  const { vault, code } = await newVault(otherPassphrase);
  for (const secret of [{ passphrase: utf8(otherPassphrase) }, { code }]) {
    await expect(vault.importBundle(pieces(bytes, 1000), secret)).rejects.toMatchObject({
      code: "unlock_failed",
    });
  }
  expect(await vault.records().profiles.count()).toBe(0);
  await vault.close();
});

test("a bundle that was cut, lengthened or changed in any sampled byte is refused, and nothing of it is kept", async () => {
  const { bytes, code } = await filledBundle();
  const { vault } = await newVault(otherPassphrase);
  const damaged = [bytes.slice(0, -1), bytes.slice(0, 900), Uint8Array.of(...bytes, 0)];
  for (let index = 0; index < bytes.length; index += index < 700 ? 13 : 1499) {
    const copy = bytes.slice();
    copy[index] = (copy[index] ?? 0) ^ 0x20;
    damaged.push(copy);
  }
  const codes = new Set<unknown>();
  for (const copy of damaged) {
    // The code of the vault it came from: no slow derivation for each copy.
    const refusal = vault.importBundle(pieces(copy, 4096), { code });
    codes.add(
      await refusal.then(
        () => "imported",
        (error: { code: unknown }) => error.code,
      ),
    );
  }
  expect(codes).not.toContain("imported");
  expect([...codes].filter((code) => code === undefined)).toEqual([]);
  expect(await vault.records().profiles.count()).toBe(0);
  await vault.close();
});

test("a locked vault neither exports nor imports", async () => {
  const { bytes, code } = await filledBundle();
  const { vault } = await newVault(otherPassphrase);
  await vault.lock();
  await expect(collect(vault.exportBundle())).rejects.toMatchObject({ code: "vault_locked" });
  await expect(vault.importBundle(pieces(bytes, 1000), { code })).rejects.toMatchObject({
    code: "vault_locked",
  });
  await vault.close();
});

/** The bytes of a bundle up to its end, which never comes. */
async function* stalled(bytes: Uint8Array, ended: () => void): AsyncGenerator<Uint8Array, void> {
  try {
    yield* pieces(bytes.subarray(0, -1), 1000);
    await new Promise(() => undefined);
  } finally {
    ended();
  }
}

test("a bundle that never ends keeps nobody waiting, and a lock ends its import", async () => {
  const { bytes, code } = await filledBundle();
  const { vault } = await newVault(otherPassphrase);
  const imported = vault.importBundle(
    stalled(bytes, () => undefined),
    { code },
  );
  const refusal = imported.catch((error: unknown) => error);
  await vault.records().secrets.put("token", utf8("kept"));
  expect(await vault.sessions.list()).toHaveLength(1);
  await vault.lock();
  expect(await refusal).toMatchObject({ code: "vault_locked" });
  await vault.unlock({ passphrase: utf8(otherPassphrase) });
  expect(await vault.records().profiles.count()).toBe(0);
  await vault.close();
});

test("the last session's end ends an import that is being read", async () => {
  const { bytes, code } = await filledBundle();
  const { vault, time } = await newVault(otherPassphrase);
  const imported = vault.importBundle(
    stalled(bytes, () => undefined),
    { code },
  );
  const refusal = imported.catch((error: unknown) => error);
  expect(await vault.status()).toBe("unlocked");
  time.pass(30 * 60_000);
  expect(await refusal).toMatchObject({ code: "vault_locked" });
  expect(await vault.status()).toBe("locked");
  await vault.close();
});

test("an import reads no further, and closes what it reads from, once it is refused", async () => {
  const { bytes } = await filledBundle();
  const { vault, code } = await newVault(otherPassphrase);
  const { promise, resolve } = Promise.withResolvers<void>();
  const imported = vault.importBundle(stalled(bytes, resolve), { code });
  await expect(imported).rejects.toMatchObject({ code: "unlock_failed" });
  await promise;
  await vault.close();
});

const key = new Uint8Array(32).fill(3);
const sizes = [
  0,
  1,
  chunkByteLength - 1,
  chunkByteLength,
  chunkByteLength + 1,
  3 * chunkByteLength,
];

test.each(sizes)("a stream of %i bytes is opened as it was, however it is cut", async (size) => {
  const plain = Uint8Array.from({ length: size }, (_, index) => index % 251);
  const sealed = await collect(sealStream(crypto.subtle, key, pieces(plain, 10_000)));
  const chunkCount = Math.max(1, Math.ceil(size / chunkByteLength));
  expect(sealed).toHaveLength(size + 16 * chunkCount);
  for (const byteLength of [777, 65_552, 1_000_000]) {
    const opened = openStream(crypto.subtle, key, pieces(sealed, byteLength));
    expect(Buffer.compare(await collect(opened), plain)).toBe(0);
  }
});

test("no chunk of a stream can be left out, repeated, moved, or end it", async () => {
  const plain = new Uint8Array(3 * chunkByteLength).fill(9);
  const sealed = await collect(sealStream(crypto.subtle, key, pieces(plain, chunkByteLength)));
  const step = chunkByteLength + 16;
  const chunks = [0, 1, 2].map((number) => sealed.subarray(number * step, (number + 1) * step));
  const arrangements = [[0], [0, 1], [1, 2], [0, 2], [0, 0, 1, 2], [1, 0, 2], [0, 1, 2, 2], []];
  for (const order of arrangements) {
    const bytes = new Uint8Array(
      Buffer.concat(order.map((number) => chunks[number] ?? new Uint8Array())),
    );
    const opened = collect(openStream(crypto.subtle, key, pieces(bytes, step)));
    await expect(opened).rejects.toMatchObject({ code: "invalid_bundle" });
  }
});
