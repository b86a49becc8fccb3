/** One connection to the agent: a request, perhaps a stream, and the reply. */
import type { Duplex } from "node:stream";
import { objectWith, textOf } from "@hi-stranger/vault/header/strict-json";
import { wipe } from "@hi-stranger/vault/secret-bytes";
import type { AgentMethod } from "./agent-calls.ts";
import type { MethodResult } from "./agent-methods.ts";
import { toFailure } from "./failure.ts";
import { createFrameReader, writeFrame } from "./frames.ts";

export interface Request {
  /** The version of the protocol that the other side speaks. */
  readonly version: unknown;
  readonly method: string;
  readonly params: unknown;
  readonly token: string | null;
  /** Wiped when the request is done. */
  readonly parts: readonly Uint8Array<ArrayBuffer>[];
  readonly incoming: () => AsyncIterable<Uint8Array>;
  readonly send: (bytes: Uint8Array) => Promise<void>;
}

export interface Connection {
  /** Reads the request, has it answered and sends the reply. Never fails. Resolves when the other side has gone. */
  serve(answer: (request: Request) => Promise<MethodResult<AgentMethod>>): Promise<void>;
  /** Reads the request and refuses it with `error`. */
  refuse(error: unknown): Promise<void>;
  /** Resolves once the reply is on its way, or never will be. */
  readonly replied: Promise<void>;
  /** Breaks the connection off. */
  destroy(): void;
}

/** A peer that is silent for so long in the middle of something is given up. */
const maxSilenceMs = 120_000;

export function createConnection(stream: Duplex & Partial<TimedStream>): Connection {
  const reader = createFrameReader(stream);
  const closed = new Promise<void>((resolve) => stream.once("close", () => resolve()));
  const replied = Promise.withResolvers<void>();
  // What breaks meets whoever reads or writes; nobody else has to hear of it.
  stream.on("error", () => undefined);
  stream.setTimeout?.(maxSilenceMs, () => stream.destroy());

  const incoming = async function* (): AsyncGenerator<Uint8Array, void> {
    for (;;) {
      const frame = await reader.next();
      const { more } = objectWith(frame?.members, ["more"]);
      if (more !== true) return;
      for (const part of frame?.parts ?? []) yield part;
    }
  };

  const readRequest = async (): Promise<Request | null> => {
    const frame = await reader.next();
    if (!frame) return null;
    const { v, method, params, token } = objectWith(frame.members, [
      "v",
      "method",
      "params",
      "token",
    ]);
    return {
      version: v,
      method: textOf(method, /^\w{1,40}$/),
      params,
      token: token === null ? null : textOf(token, /^[\w.-]{1,4096}$/),
      parts: frame.parts,
      incoming,
      send: async (bytes) => writeFrame(stream, { more: true }, [bytes]),
    };
  };

  const reply = async ({ result, parts = [], undo }: MethodResult<AgentMethod>): Promise<void> => {
    try {
      await writeFrame(stream, { ok: result }, parts);
    } catch {
      // Whoever asked has gone, and won't be told.
      await undo?.();
    } finally {
      wipe(...parts);
    }
  };

  const connection: Connection = {
    async serve(answer) {
      let request: Request | null = null;
      try {
        request = await readRequest();
        if (request) await reply(await answer(request));
      } catch (error) {
        await sendFailure(stream, error);
      } finally {
        wipe(...(request?.parts ?? []));
        replied.resolve();
        stream.end();
        // What still comes is read and dropped, so that the other side gets to read its reply.
        reader.discard();
        await closed;
      }
    },
    refuse: async (error) =>
      connection.serve(async () => {
        throw error;
      }),
    replied: replied.promise,
    destroy: () => void stream.destroy(),
  };
  return connection;
}

interface TimedStream {
  setTimeout(ms: number, listener: () => void): unknown;
}

async function sendFailure(stream: Duplex, error: unknown): Promise<void> {
  try {
    await writeFrame(stream, { error: toFailure(error) });
  } catch {
    // Whoever asked has gone, and won't be told.
  }
}
