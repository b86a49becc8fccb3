/** What every command gets: where the store is, what opens it, where to speak, and when to stop. */
import { readFile } from "node:fs/promises";
import { text as readAll } from "node:stream/consumers";
import { type Client, createClient } from "@hi-stranger/sdk/client";
import { type OperatorClient, createOperatorClient } from "@hi-stranger/sdk/operator-client";
import { CliError, isLoopback, usageError } from "./errors.ts";
import { exitCodes } from "./exit-codes.ts";
import { type OperatorSecret, explainRefusal, findOperatorSecret } from "./operator-secret.ts";
import { type Output, createOutput } from "./output.ts";

export const defaultUrl = "http://localhost:8788";

/** The options that every command takes, as parsed. */
export interface GlobalOptions {
  readonly url?: string;
  readonly tokenFile?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export interface Context {
  readonly output: Output;
  /** The store's address, without a slash at its end. */
  readonly url: string;
  /** Aborted, with an `InterruptedError`, when the program is to stop. */
  readonly signal: AbortSignal;
  /** Whether `--token-file -` takes stdin, so that no file can. */
  readonly isStdinTaken: boolean;
  /** The token, or null when there is none. */
  readToken(): Promise<string | null>;
  /** A client for reading, with the token if there is one. */
  openClient(): Promise<Client>;
  /** A client for changes; the local prototype, which has no tokens, gets the operator's secret. */
  openWriter(): Promise<Client>;
  /** A client that holds the operator's secret. */
  openOperator(): Promise<Client>;
  /** A client for keys and roles that holds the operator's secret. */
  openOperatorClient(): Promise<OperatorClient>;
  /** `error` in the light of what opened the store: the operator's secret is mended otherwise than a token. */
  explain(error: unknown): unknown;
}

/** @throws {CliError} for an address that is none. */
export function createContext(options: GlobalOptions, signal: AbortSignal): Context {
  const url = readUrl(chooseUrl(options));
  const output = createOutput({
    isJson: options.json ?? false,
    isQuiet: options.quiet ?? false,
  });
  let token: Promise<string | null> | undefined;
  let secretInUse: OperatorSecret | null = null;
  const connectAsOperator = (secret: OperatorSecret) => {
    secretInUse = secret;
    return connect(url, secret.value);
  };
  const context: Context = {
    output,
    url,
    signal,
    isStdinTaken: options.tokenFile === "-",
    readToken: () => (token ??= readToken(options.tokenFile)),
    openClient: async () => connect(url, await context.readToken()),

    async openWriter() {
      const given = await context.readToken();
      if (given !== null || !isLoopback(url)) return connect(url, given);
      const secret = await findOperatorSecret(url);
      const client = connect(url, null);
      if (secret === null) return client;
      const { mode } = await client.ping({ signal });
      return mode === "prototype" ? connectAsOperator(secret) : client;
    },

    async openOperator() {
      return connectAsOperator(await requireOperatorSecret(url));
    },

    async openOperatorClient() {
      const secret = await requireOperatorSecret(url);
      secretInUse = secret;
      return createOperatorClient(sendTo(url, secret.value));
    },

    explain: (error) => (secretInUse ? explainRefusal(error, secretInUse, url) : error),
  };
  return context;
}

/** The store's address as it was given, unchecked. A variable that is set to nothing says nothing. */
export function chooseUrl({ url }: GlobalOptions): string {
  return url ?? (process.env["HI_URL"]?.trim() || defaultUrl);
}

/** Checks an address, and takes the slash off its end. */
function readUrl(text: string): string {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw usageError(
      `The store's address must begin with http:// or https://, unlike ${JSON.stringify(text)}.`,
      `Pass it by --url or HI_URL, such as ${defaultUrl}`,
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw usageError(
      "The store's address must hold no user name and no password.",
      "Tokens go into HI_TOKEN, or a file for --token-file.",
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

/** The token of the file, or else of the environment. */
async function readToken(file: string | undefined): Promise<string | null> {
  if (file === undefined) return toToken(process.env["HI_TOKEN"] ?? "", "HI_TOKEN");
  const source = file === "-" ? "stdin" : file;
  const text = file === "-" ? await readAll(process.stdin) : await readFile(file, "utf8");
  const token = toToken(text, source);
  if (token === null) throw usageError(`There is no token in ${source}.`);
  return token;
}

function toToken(text: string, source: string): string | null {
  const token = text.trim();
  if (token === "") return null;
  if (/^[\x21-\x7e]{1,512}$/.test(token)) return token;
  throw usageError(
    `What ${source} holds is no token.`,
    "A token is one line of letters, digits, - and _ that begins with hst_.",
  );
}

/** @throws {CliError} when it isn't known here. */
async function requireOperatorSecret(url: string): Promise<OperatorSecret> {
  const secret = await findOperatorSecret(url);
  if (secret) return secret;
  throw new CliError("operator_secret_missing", "The operator's secret is not known here.", {
    exitCode: exitCodes.notAuthorised,
    hint: isLoopback(url)
      ? "`npm start` makes one in apps/edge/.dev.vars; or set HI_OPERATOR_SECRET."
      : "Set HI_OPERATOR_SECRET to the store's OPERATOR_SECRET.",
  });
}

function connect(url: string, token: string | null): Client {
  return createClient(sendTo(url, token));
}

/** @throws {CliError} when the token would go unencrypted over a network. */
function sendTo(url: string, token: string | null): { baseUrl: string; token?: string } {
  if (token !== null && url.startsWith("http:") && !isLoopback(url)) {
    throw usageError(
      `The token would go to ${url} unencrypted, for anyone on the way to read.`,
      "Use the store's https:// address.",
    );
  }
  return { baseUrl: url, ...(token === null ? {} : { token }) };
}
