/**
 * Errors as the person at the terminal meets them: what happened, what to do about it, and the
 * exit code. Everything that is thrown anywhere becomes a {@link CliError} before it is shown.
 */
import { StoreError } from "@hi-stranger/core/errors";
import { type ExitCode, exitCodes } from "./exit-codes.ts";

export interface CliErrorOptions {
  readonly exitCode?: ExitCode;
  /** What to do now, a sentence or a command a line. */
  readonly hint?: string | undefined;
  /** More for `--json`: members of the error beside its own. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

export class CliError extends Error {
  override readonly name = "CliError";
  /** Stable, for `--json`: a code of the API's, or one of our own. */
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly hint: string | null;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: CliErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.exitCode = options.exitCode ?? exitCodes.failed;
    this.hint = options.hint ?? null;
    this.members = options.members ?? {};
  }
}

/** The command line is wrong. */
export function usageError(message: string, hint?: string): CliError {
  return new CliError("usage", message, { exitCode: exitCodes.usage, hint });
}

/** The person, or the system, asked us to stop. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
  readonly signal: NodeJS.Signals;

  constructor(signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`);
    this.signal = signal;
  }
}

/** Whoever read our output has closed it, as `head` does: nothing went wrong. */
export class BrokenPipeError extends Error {
  override readonly name = "BrokenPipeError";
}

/** What `error` is to a person who works with the store at `url`. */
export function toCliError(error: unknown, url: string): CliError {
  if (error instanceof CliError) return error;
  if (error instanceof InterruptedError) {
    const isInterrupt = error.signal === "SIGINT";
    return new CliError("interrupted", isInterrupt ? "Interrupted." : "Terminated.", {
      exitCode: isInterrupt ? exitCodes.interrupted : exitCodes.terminated,
    });
  }
  if (error instanceof StoreError) return fromStoreError(error, url);
  return fromSystemError(error);
}

const makeToken = "export HI_TOKEN=$(npx hi token create --quiet)";

/** Where the store's own words are about the API, and not about this program. */
const messagesByCode: Readonly<Record<string, string>> = {
  token_missing: "This takes a token, and none is set.",
  token_invalid: "The store does not know this token. It may be revoked, or another store's.",
  token_expired: "The token has expired.",
};

const hintsByCode: Readonly<Record<string, string>> = {
  token_missing: `Make a token and hand it over:\n  ${makeToken}`,
  token_invalid: `Make a new one:\n  ${makeToken}`,
  token_expired: `Make a new one:\n  ${makeToken}`,
  scope_missing:
    "Make a token that may do this, such as:\n  npx hi token create --scope read,import,delete",
};

function fromStoreError(error: StoreError, url: string): CliError {
  const root = error.cause instanceof StoreError ? error.cause : error;
  const { code, status } = root;
  if (code === "store_unavailable" && isUnanswered(root)) return unreachable(error, root, url);
  const exitCode =
    status === 401 || status === 403
      ? exitCodes.notAuthorised
      : code === "store_unavailable"
        ? exitCodes.unreachable
        : status === 404 && code !== "not_found"
          ? exitCodes.notFound
          : exitCodes.failed;
  const isRefusal = exitCode === exitCodes.notAuthorised;
  const message = isRefusal ? (messagesByCode[code] ?? root.detail) : error.detail;
  return new CliError(code, message, { exitCode, hint: hintsByCode[code], cause: error });
}

/** Whether `error` stands for a call that nobody answered. */
function isUnanswered(error: StoreError): boolean {
  return (error as { httpStatus?: number | null }).httpStatus === null;
}

function unreachable(error: StoreError, root: StoreError, url: string): CliError {
  // The client's own sentence says no more than ours; what the import engine put before it does.
  const before = error === root ? "" : error.detail.replace(root.detail, "");
  return new CliError(error.code, `${before}${describeSilence(root.cause, url)}`, {
    exitCode: exitCodes.unreachable,
    hint: isLoopback(url)
      ? "Start the store with `npm start`, or name another with --url or HI_URL. `npx hi doctor` looks closer."
      : "Check the address (--url or HI_URL) and the network. `npx hi doctor` looks closer.",
    cause: error,
  });
}

/** What the platform's reason for no answer means. */
function describeSilence(cause: unknown, url: string): string {
  const host = new URL(url).hostname;
  switch (systemCode(cause)) {
    case "ECONNREFUSED":
      return `No store answers at ${url}.`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `The host ${host} is not known.`;
    case "ECONNRESET":
    case "UND_ERR_SOCKET":
    case "EPIPE":
      return `The connection to ${url} broke off.`;
    case "UND_ERR_CONNECT_TIMEOUT":
    case "ETIMEDOUT":
      return `${url} did not answer in time.`;
    default:
      return `The store at ${url} can't be reached.`;
  }
}

/** The system's code at the bottom of `error`, or null. */
export function systemCode(error: unknown): string | null {
  let code: string | null = null;
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const candidates = at instanceof AggregateError ? [at, ...(at.errors as unknown[])] : [at];
    for (const candidate of candidates) {
      const { code: own } = candidate as { code?: unknown };
      if (typeof own === "string") code = own;
    }
  }
  return code;
}

/** Whether the host of `url` is this machine. */
export function isLoopback(url: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(new URL(url).hostname);
}

const fileProblems: Readonly<Record<string, string>> = {
  ENOENT: "There is no such file or folder",
  EACCES: "Permission is denied",
  EPERM: "Permission is denied",
  EISDIR: "This is a folder, not a file",
  ENOTDIR: "A part of this path is not a folder",
  ENOSPC: "The disk is full",
  EROFS: "The disk is read-only",
};

function fromSystemError(error: unknown): CliError {
  const { code, path, message } = error as NodeJS.ErrnoException;
  const problem = fileProblems[code ?? ""];
  if (problem !== undefined) {
    return new CliError(code ?? "failed", `${problem}${path === undefined ? "" : `: ${path}`}.`, {
      cause: error,
    });
  }
  return new CliError("internal_error", `Something went wrong inside hi: ${message}`, {
    hint: "This is a bug. Set HI_DEBUG=1 to see where it happened.",
    cause: error,
  });
}
