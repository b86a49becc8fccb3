/** Calls to the agent, if there is one. */
import { type Socket, connect } from "node:net";
import type { Duplex } from "node:stream";
import { ShapeError, objectWith } from "@hi-stranger/vault/header/strict-json";
import { wipe } from "@hi-stranger/vault/secret-bytes";
import { CliError, systemCode } from "../errors.ts";
import { exitCodes } from "../exit-codes.ts";
import { type AgentMethod, type ParamsOf, type ResultOf, protocolVersion } from "./agent-calls.ts";
import type { Failure } from "./failure.ts";
import { toFailureError } from "./failure-error.ts";
import { type Frame, FrameError, createFrameReader, writeFrame } from "./frames.ts";

export interface CallInput<Method extends AgentMethod> {
  readonly method: Method;
  readonly params: ParamsOf<Method>;
  readonly token: string | null;
  /** The caller wipes them. */
  readonly parts?: readonly Uint8Array[];
  /** What follows the request, for calls that take a stream. */
  readonly outgoing?: AsyncIterable<Uint8Array>;
  /** Takes what comes before the reply, for calls that give a stream. */
  readonly receive?: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>;
  readonly signal: AbortSignal;
}

export interface CallResult<Method extends AgentMethod> {
  readonly result: ResultOf<Method>;
  /** The caller wipes them, if they are secret. */
  readonly parts: readonly Uint8Array<ArrayBuffer>[];
}

/** Connects to the agent at `endpoint`; null when nobody is there. */
export async function connectAgent(endpoint: string): Promise<Socket | null> {
  const socket = connect(endpoint);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    return socket;
  } catch (error) {
    socket.destroy();
    // Nobody has made the socket, or whoever made it has gone.
    if (["ENOENT", "ECONNREFUSED", "ECONNRESET"].includes(systemCode(error) ?? "")) return null;
    throw error;
  }
}

/**
 * Makes one call on a new connection, and ends it.
 *
 * @throws {CliError} what the agent refused with, or `agent_gone` when it broke off.
 */
export async function callAgent<Method extends AgentMethod>(
  stream: Duplex,
  input: CallInput<Method>,
): Promise<CallResult<Method>> {
  const { method, params, token, parts, outgoing, receive, signal } = input;
  const reader = createFrameReader(stream);
  // What breaks is met by whoever reads or writes.
  stream.on("error", () => undefined);
  const abort = (): void => void stream.destroy();
  signal.addEventListener("abort", abort, { once: true });
  let sourceError: unknown = null;
  const send = async (): Promise<void> => {
    await writeFrame(stream, { v: protocolVersion, method, params, token }, parts);
    if (!outgoing) return;
    const source = noting(outgoing, (error) => {
      sourceError = error;
    });
    for await (const bytes of source) await writeFrame(stream, { more: true }, [bytes]);
    await writeFrame(stream, { more: false });
  };
  try {
    // A refusal may come before everything is sent: what matters is the reply, or that none comes.
    void send().catch(abort);
    for (;;) {
      const frame = await reader.next();
      if (!frame) throw agentGone();
      if (!("more" in frame.members)) return toResult(frame);
      for (const part of frame.parts) await receive?.(part);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (sourceError !== null) throw sourceError as Error;
    throw error instanceof FrameError || error instanceof ShapeError ? agentGone(error) : error;
  } finally {
    signal.removeEventListener("abort", abort);
    stream.destroy();
  }
}

/** `source`, telling what it fails with. */
async function* noting(
  source: AsyncIterable<Uint8Array>,
  note: (error: unknown) => void,
): AsyncGenerator<Uint8Array, void> {
  try {
    yield* source;
  } catch (error) {
    note(error);
    throw error;
  }
}

function toResult<Method extends AgentMethod>({ members, parts }: Frame): CallResult<Method> {
  if ("error" in members) {
    wipe(...parts);
    // The agent is this very program, at the version that both sides have named.
    throw toFailureError(members["error"] as Failure);
  }
  return { result: objectWith(members, ["ok"]).ok as ResultOf<Method>, parts };
}

function agentGone(cause?: unknown): CliError {
  return new CliError("agent_gone", "The vault's agent ended before it had answered.", {
    exitCode: exitCodes.unreachable,
    hint: "The vault may have been locked meanwhile. `npx hi vault status` says how things stand.",
    cause,
  });
}
