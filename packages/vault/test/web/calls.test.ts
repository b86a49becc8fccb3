import { StoreError } from "@hi-stranger/core/errors";
import fc from "fast-check";
import { expect, test } from "vitest";
import { VaultError } from "../../src/vault-error.ts";
import { answerCalls, type CallHandler } from "../../src/web/calls/answerer.ts";
import { createCaller } from "../../src/web/calls/caller.ts";
import { fromCarriedError, toCarriedError } from "../../src/web/calls/carried-error.ts";
import { moveBytes } from "../../src/web/calls/moved-bytes.ts";

/** Both sides, joined by a real channel. */
function connect(handle: CallHandler) {
  const { port1: page, port2: worker } = new MessageChannel();
  answerCalls(worker, handle);
  worker.start();
  const caller = createCaller(
    Object.assign(page, { terminate: () => page.close() }),
    () => undefined,
  );
  page.start();
  return { caller, worker };
}

test("a call answers what the handler returned, with bytes of its own", async () => {
  const { caller } = connect(async (...call) => ({ call, bytes: new Uint8Array([1, 2]) }));
  expect(await caller.call("vault", "unlock", [{ minutes: 5 }])).toEqual({
    call: ["vault", "unlock", [{ minutes: 5 }]],
    bytes: new Uint8Array([1, 2]),
  });
});

test("bytes handed in reach the handler, and are zeros on either side afterwards", async () => {
  const seen: string[] = [];
  let received: readonly unknown[] = [];
  const { caller } = connect(async (_port, _method, input) => {
    received = input;
    seen.push(JSON.stringify(input));
  });
  const passphrase = new Uint8Array([7, 8, 9]);
  const answers = [new Uint8Array([1]), new Uint8Array([2])];
  await caller.call("vault", "setup", [{ passphrase, questions: answers }]);
  expect(seen[0]).toContain('"passphrase":{"0":7,"1":8,"2":9}');
  expect([passphrase, ...answers].map((bytes) => bytes.join())).toEqual(["0,0,0", "0", "0"]);
  expect(received).toEqual([
    { passphrase: new Uint8Array(3), questions: [new Uint8Array(1), new Uint8Array(1)] },
  ]);
});

test("calls begin in their order, and one that takes long keeps no other waiting, which may end it", async () => {
  const log: string[] = [];
  const locked = Promise.withResolvers<void>();
  const { caller } = connect(async (_port, method) => {
    log.push(`begin ${method}`);
    if (method === "lock") locked.resolve();
    await locked.promise;
    log.push(`end ${method}`);
    return method;
  });
  const methods = ["importBundle", "count", "lock"];
  expect(await Promise.all(methods.map((method) => caller.call("host", method, [])))).toEqual(
    methods,
  );
  const steps = ["begin", "end"].flatMap((step) => methods.map((method) => `${step} ${method}`));
  expect(log).toEqual(steps);
});

test("an answer that can't travel rejects its call, and the next one is answered", async () => {
  const { caller } = connect(async (_port, method) => (method === "bad" ? () => 1 : "fine"));
  await expect(caller.call("vault", "bad", [])).rejects.toThrow("could not be cloned");
  expect(await caller.call("vault", "good", [])).toBe("fine");
});

test("calls under way when the worker is ended reject, and so do later ones", async () => {
  const { caller } = connect(() => new Promise(() => undefined));
  const underWay = caller.call("vault", "unlock", []);
  caller.end(new VaultError("vault_locked"));
  await expect(underWay).rejects.toMatchObject({ code: "vault_locked" });
  await expect(caller.call("vault", "unlock", [])).rejects.toMatchObject({ code: "vault_locked" });
});

test("a worker whose script can't be loaded rejects its calls, and later ones", async () => {
  const worker = new Worker("/there-is-no-such-script.js", { type: "module" });
  const caller = createCaller(worker, () => undefined);
  await expect(caller.call("vault", "unlock", [])).rejects.toThrow("could not be loaded");
  expect(caller.hasEnded()).toBe(true);
  await expect(caller.call("vault", "unlock", [])).rejects.toThrow("could not be loaded");
});

test.for([
  new VaultError("locked_out", { retryAfterSeconds: 300 }, "Wait."),
  new VaultError("weak_passphrase", { reasons: ["too_short"] }),
  new VaultError("damaged", { parts: ["vault.db"] }),
])("an error of the vault arrives as it was: $code", (error) => {
  const arrived = fromCarriedError(structuredClone(toCarriedError(error)));
  expect(arrived).toBeInstanceOf(VaultError);
  expect({ ...arrived, message: arrived.message }).toEqual({ ...error, message: error.message });
});

test("an error of a store arrives with code and members, and any other with name and message", () => {
  const members = { cursor: "x" };
  const store = fromCarriedError(
    toCarriedError(new StoreError("invalid_cursor", "Ask anew.", { members })),
  );
  expect(store).toBeInstanceOf(StoreError);
  expect(store).toMatchObject({ code: "invalid_cursor", detail: "Ask anew.", extra: { members } });
  const other = fromCarriedError(toCarriedError(new RangeError("too long")));
  expect([other.name, other.message]).toEqual(["RangeError", "too long"]);
});

test("moving takes out all bytes of a value at any depth and leaves everything else alone", () => {
  const tree = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.uint8Array({ minLength: 1, min: 1 }),
      fc.string(),
      fc.integer(),
      fc.constant(null),
      fc.array(tie("value")),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), tie("value")),
    ),
  })).value;
  fc.assert(
    fc.property(tree, (original) => {
      const copy = structuredClone(original);
      const { value, buffers } = moveBytes(original);
      expect(value).toEqual(copy);
      expect(structuredClone(value, { transfer: buffers })).toEqual(copy);
      const left = bytesIn(original);
      expect(left).toHaveLength(buffers.length);
      expect(left.every((bytes) => bytes.every((byte) => byte === 0))).toBe(true);
    }),
  );
});

function bytesIn(value: unknown): Uint8Array[] {
  if (value instanceof Uint8Array) return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(bytesIn);
}
