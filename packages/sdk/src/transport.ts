/**
 * HTTP as the client needs it: one request out, an answer of status 2xx or a named error back.
 */
import type { Pace } from "./pace.ts";
import { toAnswerError, toNetworkError } from "./client-error.ts";

/** What a request can carry. */
export type RequestBody = Uint8Array<ArrayBuffer> | Blob | ReadableStream<Uint8Array> | string;

export interface SenderOptions {
  /** How to wait before a request that must be carried out once is sent again; by the platform's timer unless given. */
  readonly pace?: Pace | undefined;
  /** Scheme, host and, if the store has one, a path; empty for a page's own origin. */
  readonly baseUrl: string;
  /** A service token, or the operator's secret. */
  readonly token?: string | undefined;
  /** Another `fetch`, such as a Worker binding's. */
  readonly fetch?: typeof fetch | undefined;
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, unknown>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: RequestBody | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Resolves with an answer of status 2xx, and rejects with anything else. */
export type Send = (request: Request) => Promise<Response>;

export function createSender({
  baseUrl,
  token,
  fetch: platformFetch = fetch,
}: SenderOptions): Send {
  const base = baseUrl.replace(/\/+$/, "");
  return async ({ method, path, query = {}, headers = {}, body, signal }) => {
    const url = `${base}${path}${toQueryString(query)}`;
    const init: RequestInit & { duplex?: "half" } = {
      method,
      headers: token === undefined ? headers : { ...headers, Authorization: `Bearer ${token}` },
    };
    if (signal) init.signal = signal;
    if (body !== undefined) init.body = body;
    // Required by the Fetch standard for a body that is a stream.
    if (body instanceof ReadableStream) init.duplex = "half";
    const response = await naming(signal, () => platformFetch(url, init));
    if (response.ok) return response;
    throw toAnswerError(response, await readProblem(response, signal));
  };
}

export async function sendForJson<Answer>(send: Send, request: Request): Promise<Answer> {
  return readJson<Answer>(await send(request), request.signal);
}

export async function readJson<T>(response: Response, signal: AbortSignal | undefined): Promise<T> {
  if (!isJson(response)) {
    await drain(response);
    throw toAnswerError(response, null);
  }
  const text = await naming(signal, () => response.text());
  try {
    return JSON.parse(text) as T;
  } catch {
    throw toAnswerError(response, null);
  }
}

async function readProblem(response: Response, signal: AbortSignal | undefined): Promise<unknown> {
  if (!isJson(response)) {
    await drain(response);
    return null;
  }
  const text = await naming(signal, () => response.text());
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Lets go of a body that nobody reads, so that its connection can be used again. */
export async function drain(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => undefined);
}

function isJson(response: Response): boolean {
  return /^application\/(?:[\w.-]+\+)?json\b/i.test(response.headers.get("content-type") ?? "");
}

/** Runs a call of the platform's, and gives its failures our name unless the caller aborted it. */
async function naming<T>(signal: AbortSignal | undefined, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toCallError(error, signal);
  }
}

function toCallError(error: unknown, signal: AbortSignal | undefined): unknown {
  return signal?.aborted === true ? signal.reason : toNetworkError(error);
}

export function namingNetworkErrors(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const { done, value } = await naming(signal, () => reader.read());
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

function toQueryString(query: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(query).filter(([, value]) => value !== undefined);
  if (entries.length === 0) return "";
  return `?${new URLSearchParams(entries.map(([name, value]) => [name, String(value)]))}`;
}
