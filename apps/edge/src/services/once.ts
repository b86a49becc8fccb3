/**
 * Does what a request with an idempotency key asks for once, and answers its repeats.
 *
 * A key that is being worked for is refused, one whose request failed is free again, and so is one
 * whose process was killed, when its lease ends. Two requests with one key at once: the unique insert
 * of its claim decides.
 */
import type { Id } from "@hi-stranger/core/codec/ids";
import { StoreError } from "@hi-stranger/core/errors";
import type { OnceStore } from "../stores/ports.ts";
import type { OnceRequest, OnceSeals, OwnKey } from "./once-seals.ts";

/** An answer as it is kept. */
export interface KeptAnswer {
  readonly status: number;
  readonly body: string;
}

export interface Once {
  /** The name that a key is kept under. */
  nameOf(own: OwnKey): Promise<string>;
  /**
   * Runs `perform` for the first request with a key; gives null then, and what the first one kept to
   * each repeat.
   *
   * @throws {StoreError} `idempotency_in_progress`, `idempotency_key_reused`, and whatever `perform` throws
   */
  run(
    own: OwnKey,
    request: OnceRequest,
    perform: () => Promise<KeptAnswer>,
  ): Promise<KeptAnswer | null>;
}

export interface OnceOptions {
  readonly store: OnceStore;
  readonly seals: OnceSeals;
  readonly newId: (prefix: "evt") => Id<"evt">;
}

export function createOnce({ store, seals, newId }: OnceOptions): Once {
  return {
    nameOf: (own) => seals.nameOf(own),
    async run(own, request, perform) {
      const by = newId("evt");
      const name = await seals.nameOf(own);
      const fingerprint = await seals.fingerprintOf(name, request);
      const asked = await store.ask(name, by);
      if (asked.kind === "running") throw runningError();
      if (asked.kind === "finished") {
        if (asked.fingerprint !== fingerprint) throw reusedError();
        const opened = await seals.open(own, { name, fingerprint }, asked.answer);
        if (opened === null) throw new Error("an answer that was kept doesn't open");
        // Sealed with a tag by nobody but the lines below.
        return JSON.parse(opened) as KeptAnswer;
      }
      let answer: KeptAnswer;
      try {
        answer = await perform();
      } catch (error) {
        // If this fails too, the lease ends by itself, and what went wrong first is what is told.
        await store.release(name, by).catch(() => undefined);
        throw error;
      }
      const sealed = await seals.seal(own, { name, fingerprint }, JSON.stringify(answer));
      // Done is done: a client that gets its answer needs none that is kept.
      await store.keep(name, by, fingerprint, sealed).catch(() => undefined);
      return null;
    },
  };
}

function runningError(): StoreError {
  return new StoreError(
    "idempotency_in_progress",
    "The first request with this key is still running; try again in a second.",
    // It takes far less as a rule, and at most as long as its lease.
    { headers: { "Retry-After": "1" } },
  );
}

function reusedError(): StoreError {
  return new StoreError(
    "idempotency_key_reused",
    "The first request with this key was another; take a new key for a new request.",
  );
}
